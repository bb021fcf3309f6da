// The elementwise primitives. Each has a line in five tables: its description (how it is written, and where tests check it), its value, its
// derivative, its function of a register (unless it is computed lane by lane), and its loop over runs of numbers.
//
// The derivatives have the relative precision of the functions: tanh' is computed as 4σ(2x)σ(−2x), not as 1 − tanh², and asin' as
// 1/(√(1−x)√(1+x)), not as 1/√(1−x²). The lines are smooth themselves, because the next order differentiates them.
// Masks are written as 1 − (x ≤ 0) instead of x > 0, so that they are 1 for NaN: the derivative at NaN must not be a structural zero.

using System.Reflection;
using System.Runtime.CompilerServices;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Numerics;
using static Autodiff.Functional.Elementwise.SmoothRegion;
using static Autodiff.Functional.Formulas.Spelling;

namespace Autodiff.Functional.Elementwise;

internal static class ElementwiseTable
{
    /// <summary>How a primitive is written in formulas, and where it is smooth.</summary>
    public static ElementwiseDescription Describe(Op op) => op switch
    {
        Op.Negate => new(Operator("-", "−", "-", Fixity.Sign), Of((-5, 5))),
        Op.Abs => new(Formed("abs", @"\left|⟨a⟩\right|") with { UnicodeTemplate = "|⟨a⟩|" }, Of((-5, 5)) with { Kink = x => x[0] }),
        Op.Sign => new(Named("sign", @"\operatorname{sgn}"), Of((-5, 5)) with { Kink = x => x[0] }),
        Op.Sqrt => new(Formed("sqrt", @"\sqrt{⟨a⟩}") with { UnicodeTemplate = "√⟨a:Atom⟩", UnicodeLevel = Level.Power }, Of((0.1, 10))),
        Op.Cbrt => new(Formed("cbrt", @"\sqrt[3]{⟨a⟩}") with { UnicodeTemplate = "∛⟨a:Atom⟩", UnicodeLevel = Level.Power }, Of((-5, 5)) with { Kink = x => x[0] }),
        Op.Exp => new(Formed("exp", @"\mathrm{e}^{⟨a⟩}", Level.Power), Of((-3, 3))),
        Op.Exp2 => new(Formed("exp2", @"2^{⟨a⟩}", Level.Power), Of((-4, 4))),
        Op.ExpM1 => new(new("expm1"), Of((-3, 3))),
        Op.Log => new(Command("log") with { Synonyms = ["ln"] }, Of((0.1, 10))),
        Op.Log2 => new(Named("log2", @"\log_{2}"), Of((0.1, 10))),
        Op.Log10 => new(Named("log10", @"\log_{10}"), Of((0.1, 10))),
        Op.LogP1 => new(new("logp1"), Of((-0.9, 5))),
        Op.Sin => new(Command("sin"), Of((-7, 7))),
        Op.Cos => new(Command("cos"), Of((-7, 7))),
        Op.Tan => new(Command("tan"), Of((-1.3, 1.3))),
        Op.Asin => new(Named("asin", @"\arcsin") with { Synonyms = ["arcsin"] }, Of((-0.9, 0.9))),
        Op.Acos => new(Named("acos", @"\arccos") with { Synonyms = ["arccos"] }, Of((-0.9, 0.9))),
        Op.Atan => new(Named("atan", @"\arctan") with { Synonyms = ["arctan"] }, Of((-5, 5))),
        Op.Sinh => new(Command("sinh"), Of((-3, 3))),
        Op.Cosh => new(Command("cosh"), Of((-3, 3))),
        Op.Tanh => new(Command("tanh"), Of((-3, 3))),
        Op.Asinh => new(Named("asinh", @"\operatorname{arsinh}") with { Synonyms = ["arsinh"] }, Of((-5, 5))),
        Op.Acosh => new(Named("acosh", @"\operatorname{arcosh}") with { Synonyms = ["arcosh"] }, Of((1.1, 10))),
        Op.Atanh => new(Named("atanh", @"\operatorname{artanh}") with { Synonyms = ["artanh"] }, Of((-0.9, 0.9))),
        Op.Sigmoid => new(Named("sigmoid", @"\sigma"), Of((-10, 10))),
        Op.Softplus => new(new("softplus"), Of((-10, 10))),
        Op.Relu => new(new("relu"), Of((-5, 5)) with { Kink = x => x[0] }),
        Op.Floor => new(Formed("floor", @"\left\lfloor ⟨a⟩\right\rfloor"), Of((-5, 5)) with { Kink = x => x[0] - Math.Round(x[0]) }),
        Op.Ceiling => new(Formed("ceiling", @"\left\lceil ⟨a⟩\right\rceil"), Of((-5, 5)) with { Kink = x => x[0] - Math.Round(x[0]) }),
        Op.Round => new(new("round"), Of((-5, 5)) with { Kink = x => x[0] - Math.Floor(x[0]) - 0.5 }),
        Op.Erf => new(new("erf"), Of((-3, 3))),
        Op.Erfc => new(new("erfc"), Of((-3, 3))),
        Op.Gamma => new(Named("gamma", @"\Gamma"), Of((-1.8, 5)) with { Kink = x => x[0] > 0 ? x[0] : x[0] - Math.Round(x[0]) }),
        Op.LogGamma => new(Named("loggamma", @"\log\Gamma"), Of((-1.8, 8)) with { Kink = x => x[0] > 0 ? x[0] : x[0] - Math.Round(x[0]) }),
        Op.Digamma => new(Named("digamma", @"\psi"), Of((-1.8, 8)) with { Kink = x => x[0] > 0 ? x[0] : x[0] - Math.Round(x[0]) }),
        Op.LambertW => new(Named("lambertw", @"W"), Of((-0.3, 8))),
        Op.Sinc => new(new("sinc"), Of((-12, 12))),
        Op.NormalCdf => new(Named("normalcdf", @"\Phi"), Of((-4, 4))),
        Op.LogNormalCdf => new(Named("lognormalcdf", @"\log\Phi"), Of((-8, 4))),
        Op.NormalQuantile => new(Named("normalquantile", @"\Phi^{-1}"), Of((0.1, 0.9))),
        Op.NormalDensityQuantile => new(new("normaldensityquantile"), Of((0.1, 0.9))),
        Op.ErfInv => new(Named("erfinv", @"\operatorname{erf}^{-1}"), Of((-0.9, 0.9))),
        Op.ErfcInv => new(Named("erfcinv", @"\operatorname{erfc}^{-1}"), Of((0.1, 1.9))),
        Op.Erfcx => new(new("erfcx"), Of((-2, 6))),
        Op.Dawson => new(Named("dawson", @"F"), Of((-3, 3))),
        Op.ExpIntegralE1 => new(new("expintegrale1"), Of((0.1, 5))),
        Op.ExpIntegralEi => new(Named("expintegralei", @"\operatorname{Ei}"), Of((0.1, 5))),
        Op.LogisticDensity => new(new("logisticdensity"), Of((-10, 10))),
        Op.AsinDerivative => new(new("asinderivative"), Of((-0.9, 0.9))),
        Op.PlusZero => new(new("pluszero"), Of((-5, 5))),
        Op.StopGradient => new(new("stopgradient"), Of((-5, 5))),
        Op.Add => new(Operator("+", "+", "+", Fixity.Sum), Of((-5, 5), (-5, 5))),
        Op.Subtract => new(Operator("-", "−", "-", Fixity.Sum), Of((-5, 5), (-5, 5))),
        Op.Multiply => new(Operator("*", "×", @"\cdot", Fixity.Product) with { Unicode = "·", Synonyms = ["·", "⋅"] }, Of((-5, 5), (-5, 5))),
        Op.Divide => new(Operator("/", "÷", "/", Fixity.Product) with { Unicode = "/", Template = @"\frac{⟨a⟩}{⟨b⟩}", TemplateLevel = Level.Power }, Of((-5, 5), (-5, 5)) with { Kink = x => x[1] }),
        Op.Pow => new(Operator("^", "^", "^", Fixity.Power) with { Synonyms = ["pow"], Template = @"⟨a:Atom⟩^{⟨b⟩}", TemplateLevel = Level.Power }, Of((0.1, 4), (-3, 3))),
        Op.Atan2 => new(new("atan2"), Of((-3, 3), (-3, 3)) with { Kink = x => x[1] > 0 ? double.Hypot(x[0], x[1]) : x[0] }),
        Op.Hypot => new(new("hypot"), Of((-3, 3), (-3, 3)) with { Kink = x => double.Hypot(x[0], x[1]) }),
        Op.DirectionCosine => new(new("directioncosine"), Of((-3, 3), (-3, 3)) with { Kink = x => double.Hypot(x[0], x[1]) }),
        Op.ShareOfNorm => new(Operator("/", "÷", "/", Fixity.Product) with { Unicode = "/", Template = @"\frac{⟨a⟩}{⟨b⟩}", TemplateLevel = Level.Power }, Of((-3, 3), (0.5, 5))),
        Op.Min => new(Command("min"), Of((-5, 5), (-5, 5)) with { Kink = x => x[0] - x[1] }),
        Op.Max => new(Command("max"), Of((-5, 5), (-5, 5)) with { Kink = x => x[0] - x[1] }),
        Op.Xlogy => new(new("xlogy"), Of((-3, 3), (0.3, 5))),
        Op.Remainder => new(new("remainder"), Of((-5, 5), (0.5, 3)) with { Kink = x => (x[0] / x[1]) - Math.Round(x[0] / x[1]) }),
        Op.Mod => new(new("mod"), Of((-5, 5), (0.5, 3)) with { Kink = x => (x[0] / x[1]) - Math.Round(x[0] / x[1]) }),
        Op.LogBeta => new(Named("logbeta", @"\log\mathrm{B}"), Of((0.3, 15), (0.3, 15))),
        Op.Beta => new(Named("beta", @"\mathrm{B}"), Of((0.5, 5), (0.5, 5))),
        Op.GammaP => new(Named("gammap", @"P"), Of((0.3, 12), (0.2, 15))),
        Op.GammaQ => new(Named("gammaq", @"Q"), Of((30, 50), (20, 60))),
        Op.Polygamma => new(Formed("polygamma", @"\psi^{\left(⟨a⟩\right)}\left(⟨b⟩\right)"), Of((-1.8, 8)) with { Constants = [2], Kink = x => x[0] > 0 ? x[0] : x[0] - Math.Round(x[0]) }),
        Op.BesselJ => new(Formed("besselj", @"J_{⟨a⟩}\left(⟨b⟩\right)"), Of((-30, 30)) with { Constants = [2] }),
        Op.BesselI => new(Formed("besseli", @"I_{⟨a⟩}\left(⟨b⟩\right)"), Of((-4, 4)) with { Constants = [2] }),
        Op.GammaDerivative => new(new("gammaderivative"), Of((-1.8, 5)) with { Constants = [2], Kink = x => x[0] > 0 ? x[0] : x[0] - Math.Round(x[0]) }),
        Op.SincDerivative => new(Formed("sincderivative", @"\operatorname{sinc}^{\left(⟨a⟩\right)}\left(⟨b⟩\right)"), Of((-12, 12)) with { Constants = [3] }),
        Op.LogNormalCdfDerivative => new(Formed("lognormalcdfderivative", @"\left(\log\Phi\right)^{\left(⟨a⟩\right)}\left(⟨b⟩\right)"), Of((-8, 4)) with { Constants = [2] }),
        Op.ErfcxDerivative => new(Formed("erfcxderivative", @"\operatorname{erfcx}^{\left(⟨a⟩\right)}\left(⟨b⟩\right)"), Of((-2, 6)) with { Constants = [2] }),
        Op.DawsonDerivative => new(Formed("dawsonderivative", @"F^{\left(⟨a⟩\right)}\left(⟨b⟩\right)"), Of((-3, 3)) with { Constants = [2] }),
        Op.Less => new(Operator("<", "<", "<", Fixity.Comparison), Of((-5, 5), (-5, 5)) with { Kink = x => x[0] - x[1] }),
        Op.LessOrEqual => new(Operator("<=", "≤", @"\le", Fixity.Comparison), Of((-5, 5), (-5, 5)) with { Kink = x => x[0] - x[1] }),
        Op.Greater => new(Operator(">", ">", ">", Fixity.Comparison), Of((-5, 5), (-5, 5)) with { Kink = x => x[0] - x[1] }),
        Op.GreaterOrEqual => new(Operator(">=", "≥", @"\ge", Fixity.Comparison), Of((-5, 5), (-5, 5)) with { Kink = x => x[0] - x[1] }),
        Op.Equal => new(Operator("==", "=", "=", Fixity.Comparison), Of((-5, 5), (-5, 5)) with { Kink = x => x[0] - x[1] }),
        Op.PolygammaDifference => new(new("polygammadifference"), Of((0.5, 15), (0.3, 15)) with { Constants = [1] }),
        Op.GammaDensity => new(new("gammadensity"), Of((0.5, 8), (0.2, 8)) with { Constants = [1] }),
        Op.GammaPDerivative => new(new("gammapderivative"), Of((0.3, 12), (0.2, 15)) with { Constants = [1] }),
        Op.Gaussian => new(new("gaussian"), Of((-3, 3)) with { Constants = [2, 0.5] }),
        Op.Clamp => new(new("clamp"), Of((-5, 5), (-3, -1), (1, 3)) with { Kink = x => Math.Min(Math.Abs(x[0] - x[1]), Math.Abs(x[0] - x[2])) }),
        Op.Where => new(Formed("where", @"\begin{cases} ⟨b⟩ & \text{if } ⟨a⟩ \\ ⟨c⟩ & \text{otherwise} \end{cases}", Level.Comparison), Of((-5, 5), (-5, 5), (-5, 5)) with { Kink = x => x[0] }),
        _ => throw Unstated(op, "description"),
    };

    /// <summary>The value of a unary primitive.</summary>
    public static double Value(Op op, double x) => op switch
    {
        Op.Negate => -x,
        Op.Abs => Math.Abs(x),
        Op.Sign => ScalarFunctions.Sign(x),
        Op.Sqrt => Math.Sqrt(x),
        Op.Cbrt => Math.Cbrt(x),
        Op.Exp => Math.Exp(x),
        Op.Exp2 => ScalarFunctions.Exp2(x),
        Op.ExpM1 => ScalarFunctions.ExpM1(x),
        Op.Log => Math.Log(x),
        Op.Log2 => Math.Log2(x),
        Op.Log10 => Math.Log10(x),
        Op.LogP1 => ScalarFunctions.LogP1(x),
        Op.Sin => Math.Sin(x),
        Op.Cos => Math.Cos(x),
        Op.Tan => Math.Tan(x),
        Op.Asin => Math.Asin(x),
        Op.Acos => Math.Acos(x),
        Op.Atan => Math.Atan(x),
        Op.Sinh => Math.Sinh(x),
        Op.Cosh => Math.Cosh(x),
        Op.Tanh => Math.Tanh(x),
        Op.Asinh => Math.Asinh(x),
        Op.Acosh => Math.Acosh(x),
        Op.Atanh => Math.Atanh(x),
        Op.Sigmoid => ScalarFunctions.Sigmoid(x),
        Op.Softplus => ScalarFunctions.Softplus(x),
        Op.Relu => ScalarFunctions.Relu(x),
        Op.Floor => Math.Floor(x),
        Op.Ceiling => Math.Ceiling(x),
        Op.Round => Math.Round(x),
        Op.Erf => ScalarFunctions.Erf(x),
        Op.Erfc => ScalarFunctions.Erfc(x),
        Op.Gamma => ScalarFunctions.Gamma(x),
        Op.LogGamma => ScalarFunctions.LogGamma(x),
        Op.Digamma => ScalarFunctions.Digamma(x),
        Op.LambertW => ScalarFunctions.LambertW(x),
        Op.Sinc => ScalarFunctions.Sinc(x),
        Op.NormalCdf => ScalarFunctions.NormalCdf(x),
        Op.LogNormalCdf => ScalarFunctions.LogNormalCdf(x),
        Op.NormalQuantile => ScalarFunctions.NormalQuantile(x),
        Op.NormalDensityQuantile => ScalarFunctions.NormalDensityQuantile(x),
        Op.ErfInv => ScalarFunctions.ErfInv(x),
        Op.ErfcInv => ScalarFunctions.ErfcInv(x),
        Op.Erfcx => ScalarFunctions.Erfcx(x),
        Op.Dawson => ScalarFunctions.Dawson(x),
        Op.ExpIntegralE1 => ScalarFunctions.ExpIntegralE1(x),
        Op.ExpIntegralEi => ScalarFunctions.ExpIntegralEi(x),
        Op.LogisticDensity => ScalarFunctions.LogisticDensity(x),
        Op.AsinDerivative => ScalarFunctions.AsinDerivative(x),
        Op.PlusZero => ScalarFunctions.PlusZero(x),
        Op.StopGradient => x,
        _ => NoValue(op),
    };

    /// <summary>The value of a binary primitive.</summary>
    public static double Value(Op op, double a, double b) => op switch
    {
        Op.Add => a + b,
        Op.Subtract => a - b,
        Op.Multiply => a * b,
        Op.Divide => a / b,
        Op.Pow => ScalarFunctions.Pow(a, b),
        Op.Atan2 => Math.Atan2(a, b),
        Op.Hypot => ScalarFunctions.Hypot(a, b),
        Op.DirectionCosine => ScalarFunctions.DirectionCosine(a, b),
        Op.ShareOfNorm => ScalarFunctions.ShareOfNorm(a, b),
        Op.Min => Math.Min(a, b),
        Op.Max => Math.Max(a, b),
        Op.Xlogy => ScalarFunctions.Xlogy(a, b),
        Op.Remainder => ScalarFunctions.Remainder(a, b),
        Op.Mod => ScalarFunctions.Mod(a, b),
        Op.LogBeta => ScalarFunctions.LogBeta(a, b),
        Op.Beta => ScalarFunctions.Beta(a, b),
        Op.GammaP => ScalarFunctions.GammaP(a, b),
        Op.GammaQ => ScalarFunctions.GammaQ(a, b),
        Op.Polygamma => ScalarFunctions.Polygamma((int)a, b),
        Op.BesselJ => ScalarFunctions.BesselJ((int)a, b),
        Op.BesselI => ScalarFunctions.BesselI((int)a, b),
        Op.GammaDerivative => ScalarFunctions.GammaDerivative((int)a, b),
        Op.SincDerivative => ScalarFunctions.SincDerivative((int)a, b),
        Op.LogNormalCdfDerivative => ScalarFunctions.LogNormalCdfDerivative((int)a, b),
        Op.ErfcxDerivative => ScalarFunctions.ErfcxDerivative((int)a, b),
        Op.DawsonDerivative => ScalarFunctions.DawsonDerivative((int)a, b),
        Op.Less => a < b ? 1 : 0,
        Op.LessOrEqual => a <= b ? 1 : 0,
        Op.Greater => a > b ? 1 : 0,
        Op.GreaterOrEqual => a >= b ? 1 : 0,
        Op.Equal => a == b ? 1 : 0,
        _ => NoValue(op),
    };

    /// <summary>The value of a ternary primitive.</summary>
    public static double Value(Op op, double a, double b, double c) => op switch
    {
        Op.PolygammaDifference => ScalarFunctions.PolygammaDifference((int)a, b, c),
        Op.GammaDensity => ScalarFunctions.GammaDensity((int)a, b, c),
        Op.GammaPDerivative => ScalarFunctions.GammaPDerivative((int)a, b, c),
        Op.Gaussian => ScalarFunctions.Gaussian((int)a, b, c),
        Op.Clamp => ScalarFunctions.Clamp(a, b, c),
        Op.Where => ScalarFunctions.Where(a, b, c),
        _ => NoValue(op),
    };

    /// <summary>
    /// The method that computes the value of a primitive and has its name: of <see cref="ScalarFunctions"/>, or else of <see cref="Math"/>
    /// (<see cref="OpSets.IsOfMath"/>). An order is passed as an int. Null if there is no such method.
    /// </summary>
    public static MethodInfo? NumberMethod(Op op)
    {
        var types = new Type[op.Arity()];
        Array.Fill(types, typeof(double));
        types[0] = op.HasOrder() ? typeof(int) : typeof(double);
        return typeof(ScalarFunctions).GetMethod(op.Name(), types) ?? (op.IsOfMath() ? typeof(Math).GetMethod(op.Name(), types) : null);
    }

    /// <summary>The method <c>Value</c> of this class for primitives with the given number of operands.</summary>
    public static MethodInfo ValueMethod(int operands) => operands switch
    {
        1 => ((Func<Op, double, double>)Value).Method,
        2 => ((Func<Op, double, double, double>)Value).Method,
        _ => ((Func<Op, double, double, double, double>)Value).Method,
    };

    /// <summary>f′(x) of a unary primitive y = f(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PartialDerivative<T> UnaryDerivative<T>(Op op, T x, T y)
        where T : struct, IElementary<T> => op switch
        {
            Op.Negate => (T)(-1),
            Op.Abs => When<T>(1 - Eq(x, 0), Map(Op.Sign, x)),
            Op.Sign or Op.Floor or Op.Ceiling or Op.Round or Op.StopGradient => PartialDerivative<T>.Zero,
            Op.Sqrt => 0.5 / Map(Op.PlusZero, y),
            Op.Cbrt => (T)(1.0 / 3) / y / y,
            Op.Exp => y,
            Op.Exp2 => Math.Log(2) * y,
            Op.ExpM1 => Map(Op.Exp, x),
            Op.Log => 1 / Map(Op.PlusZero, x),
            Op.Log2 => 1 / Math.Log(2) / Map(Op.PlusZero, x),
            Op.Log10 => 1 / Math.Log(10) / Map(Op.PlusZero, x),
            Op.LogP1 => 1 / (1 + x),
            Op.Sin => Map(Op.Cos, x),
            Op.Cos => -Map(Op.Sin, x),
            Op.Tan => 1 + (y * y),
            Op.Asin => Map(Op.AsinDerivative, x),
            Op.Acos => -Map(Op.AsinDerivative, x),
            Op.Atan => Square(T.Apply(Op.DirectionCosine, 1, x)),
            Op.Sinh => Map(Op.Cosh, x),
            Op.Cosh => Map(Op.Sinh, x),
            Op.Tanh => 4 * Map(Op.LogisticDensity, 2 * x),
            Op.Asinh => T.Apply(Op.DirectionCosine, 1, x),
            Op.Acosh => 1 / Map(Op.Sqrt, x - 1) / Map(Op.Sqrt, x + 1),
            Op.Atanh => Square(Map(Op.AsinDerivative, x)),
            Op.Sigmoid => Map(Op.LogisticDensity, x),
            Op.Softplus => Map(Op.Sigmoid, x),
            Op.Relu => When<T>(1 - T.Apply(Op.LessOrEqual, x, 0), 1),
            Op.Erf => WhereFinite(x, 2 / Math.Sqrt(Math.PI) * T.Apply(Op.Gaussian, 0, 1, x)),
            Op.Erfc => WhereFinite(x, -2 / Math.Sqrt(Math.PI) * T.Apply(Op.Gaussian, 0, 1, x)),
            Op.Gamma => T.Apply(Op.GammaDerivative, 1, x),
            Op.LogGamma => Map(Op.Digamma, x),
            Op.Digamma => T.Apply(Op.Polygamma, 1, x),
            Op.LambertW => Map(Op.Exp, -y) / (1 + y),
            Op.Sinc => T.Apply(Op.SincDerivative, 1, x),
            Op.NormalCdf => WhereFinite(x, 1 / Math.Sqrt(Math.Tau) * T.Apply(Op.Gaussian, 0, 0.5, x)),
            Op.LogNormalCdf => When<T>(1 - Eq(x, double.PositiveInfinity), T.Apply(Op.LogNormalCdfDerivative, 1, x)),
            Op.NormalQuantile => 1 / Map(Op.NormalDensityQuantile, x),
            Op.NormalDensityQuantile => -Map(Op.NormalQuantile, x),
            Op.ErfInv => 0.5 * Math.Sqrt(Math.PI) * Map(Op.Exp, y * y),
            Op.ErfcInv => -Math.Sqrt(0.125) / Map(Op.NormalDensityQuantile, 0.5 * x),
            Op.Erfcx => T.Apply(Op.ErfcxDerivative, 1, x),
            Op.Dawson => T.Apply(Op.DawsonDerivative, 1, x),
            Op.ExpIntegralE1 => -Map(Op.Exp, -x) / Map(Op.PlusZero, x),
            Op.ExpIntegralEi => T.Apply(Op.Where, T.Apply(Op.Less, x, double.PositiveInfinity), Map(Op.Exp, 0.5 * x) * (Map(Op.Exp, 0.5 * x) / x), Map(Op.Exp, x)),
            Op.LogisticDensity => -y * Map(Op.Tanh, 0.5 * x),
            Op.AsinDerivative => x * (y * y * y),
            Op.PlusZero => (T)1,
            _ => throw Missing(op, 0),
        };

    /// <summary>The partial derivative of a binary primitive y = f(a, b) in a (operand 0) or b (operand 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PartialDerivative<T> BinaryDerivative<T>(Op op, int operand, T a, T b, T y)
        where T : struct, IElementary<T> => op switch
        {
            Op.Add => (T)1,
            Op.Subtract => (T)(operand == 0 ? 1 : -1),
            Op.Multiply => operand == 0 ? b : a,
            Op.Divide => operand == 0 ? 1 / b : -y / b,
            Op.Pow => operand == 0 ? When<T>(1 - T.Both(Eq(b, 0), Eq(a, 0)), b * T.Apply(Op.Pow, a, b - 1)) : When<T>(1 - T.Both(Eq(a, 0), T.Apply(Op.GreaterOrEqual, b, 0)), y * Map(Op.Log, a)),
            Op.Atan2 => operand == 0 ? T.Apply(Op.DirectionCosine, b, a) / T.Apply(Op.Hypot, a, b) : -T.Apply(Op.DirectionCosine, a, b) / T.Apply(Op.Hypot, a, b),
            Op.Hypot => When<T>(1 - Eq(y, 0), operand == 0 ? T.Apply(Op.DirectionCosine, a, b) : T.Apply(Op.DirectionCosine, b, a)),
            Op.DirectionCosine => operand == 0 ? Square(T.Apply(op, b, a)) / T.Apply(Op.Hypot, a, b) : -y * T.Apply(op, b, a) / T.Apply(Op.Hypot, a, b),
            Op.ShareOfNorm => operand == 0 ? 1 / b : -y / b,
            Op.Min => When<T>(1 - (operand == 0 ? T.Apply(Op.Greater, a, b) : T.Apply(Op.Greater, b, a)), 1 - (0.5 * Eq(a, b))),
            Op.Max => When<T>(1 - (operand == 0 ? T.Apply(Op.Less, a, b) : T.Apply(Op.Less, b, a)), 1 - (0.5 * Eq(a, b))),
            Op.Xlogy => operand == 0 ? Map(Op.Log, b) : When<T>(1 - T.Both(Eq(a, 0), Eq(b, 0)), a / Map(Op.PlusZero, b)),
            Op.Remainder => operand == 0 ? 1 : -Map(Op.Round, (a - y) / b),
            Op.Mod => operand == 0 ? 1 : FlooredQuotient(a, b, y, T.Apply(Op.Remainder, a, b)),
            Op.LogBeta => operand == 0 ? T.Apply(Op.PolygammaDifference, 0, a, b) : T.Apply(Op.PolygammaDifference, 0, b, a),
            Op.Beta => T.Apply(Op.Where, y, y * (operand == 0 ? T.Apply(Op.PolygammaDifference, 0, a, b) : T.Apply(Op.PolygammaDifference, 0, b, a)), 0),
            Op.GammaP => operand == 0 ? T.Apply(Op.GammaPDerivative, 1, a, b) : T.Apply(Op.GammaDensity, 0, a, b),
            Op.GammaQ => operand == 0 ? -T.Apply(Op.GammaPDerivative, 1, a, b) : -T.Apply(Op.GammaDensity, 0, a, b),
            Op.BesselJ when operand == 1 => (0.5 * T.Apply(op, a - 1, b)) - (0.5 * T.Apply(op, a + 1, b)),
            Op.BesselI when operand == 1 => (0.5 * T.Apply(op, a - 1, b)) + (0.5 * T.Apply(op, a + 1, b)),
            Op.Polygamma or Op.GammaDerivative or Op.SincDerivative or Op.LogNormalCdfDerivative or Op.ErfcxDerivative or Op.DawsonDerivative when operand == 1 => T.Apply(op, a + 1, b),
            Op.Less or Op.LessOrEqual or Op.Greater or Op.GreaterOrEqual or Op.Equal => PartialDerivative<T>.Zero,
            _ => throw Missing(op, operand),
        };

    /// <summary>The partial derivative of a ternary primitive f(a, b, c) in operand 0, 1 or 2.</summary>
    public static PartialDerivative<T> TernaryDerivative<T>(Op op, int operand, T a, T b, T c)
        where T : struct, IElementary<T> => (op, operand) switch
        {
            (Op.Where, 0) => PartialDerivative<T>.Zero,
            (Op.Where, 1) => When<T>(1 - Eq(a, 0), 1),
            (Op.Where, 2) => When<T>(Eq(a, 0), 1),
            (Op.Clamp, 0) => When<T>(T.Both(1 - T.Apply(Op.Less, a, b), 1 - T.Apply(Op.Greater, a, c)), 1),
            (Op.Clamp, 1) => When<T>(T.Both(T.Apply(Op.Less, a, b), T.Apply(Op.LessOrEqual, b, c)), 1),
            (Op.Clamp, 2) => When<T>(T.Apply(Op.Greater, T.Apply(Op.Max, a, b), c), 1),
            (Op.PolygammaDifference, 1) => T.Apply(op, a + 1, b, c),
            (Op.PolygammaDifference, 2) => -T.Apply(Op.Polygamma, a + 1, b + c),
            (Op.GammaPDerivative, 1) => T.Apply(op, a + 1, b, c),
            (Op.GammaPDerivative, 2) => T.Apply(Op.GammaDensity, ScalarFunctions.OrderInA * a, b, c),
            (Op.GammaDensity, 1) => T.Apply(op, a + ScalarFunctions.OrderInA, b, c),
            (Op.GammaDensity or Op.Gaussian, 2) => T.Apply(op, a + 1, b, c),
            _ => throw Missing(op, operand),
        };

    private static T Map<T>(Op op, T x)
        where T : struct, IElementary<T> => T.Apply(op, x);

    private static T Square<T>(T x)
        where T : struct, IElementary<T> => x * x;

    /// <summary>−⌊a/b⌋, the derivative of Mod in b: the quotient rounded towards 0 follows exactly from the remainder, and Mod differs from that where the floor is one less.</summary>
    private static T FlooredQuotient<T>(T a, T b, T mod, T remainder)
        where T : struct, IElementary<T> => 1 - Eq(mod, remainder) - Map(Op.Round, (a - remainder) / b);

    private static T Eq<T>(T a, T b)
        where T : struct, IElementary<T> => T.Apply(Op.Equal, a, b);

    private static PartialDerivative<T> When<T>(T live, T factor)
        where T : struct, IElementary<T> => PartialDerivative<T>.When(live, factor);

    /// <summary>
    /// A factor that applies at finite x, and is a structural zero at ±∞. It is used for distribution functions: their densities decrease so fast
    /// that the product with any algebraic derivative of the argument tends to 0.
    /// </summary>
    private static PartialDerivative<T> WhereFinite<T>(T x, T factor)
        where T : struct, IElementary<T> => When(1 - Eq(Map(Op.Abs, x), double.PositiveInfinity), factor);

    private static NotDifferentiableException Missing(Op op, int operand) => new(op switch
    {
        _ when op.HasOrder() && operand == 0 => $"{op}: there is no derivative with respect to the order; make the order a constant.",
        Op.Gaussian => $"{op}: there is no derivative with respect to a, only to x; make a a constant.",
        _ => $"{op}: no derivative is stated for this primitive.",
    });

    /// <summary>Throws that a primitive states no value. This is a call rather than a throw, so that the calls of the other lines are tail calls.</summary>
    private static double NoValue(Op op) => throw Unstated(op, "value");

    /// <summary>The exception for a primitive that has no line in a table.</summary>
    private static InvalidOperationException Unstated(Op op, string part) => new($"{op} states no {part}: ElementwiseTable has no line for it.");

    /// <summary>
    /// The method that computes a primitive on registers: the generic method with the primitive's name in <see cref="Elementary"/>, or in this class
    /// if it takes few lines. Its only type parameter is the type of register, and its parameters are the operands. Null if there is none
    /// (<see cref="OpSets.IsLanewise"/>).
    /// </summary>
    public static MethodInfo? RegisterMethod(Op op) => typeof(Elementary).GetMethod(op.Name()) ?? typeof(ElementwiseTable).GetMethod(op.Name());

    /// <summary>A unary primitive of every lane of a register.</summary>
    public static T OfRegister<T>(Op op, T x)
        where T : struct, ILanes<T> => op switch
        {
            Op.Negate => Elementary.Negate(x),
            Op.Abs => Elementary.Abs(x),
            Op.Sign => Elementary.Sign(x),
            Op.Sqrt => Elementary.Sqrt(x),
            Op.Cbrt => Elementary.Cbrt(x),
            Op.Exp => Elementary.Exp(x),
            Op.Exp2 => Elementary.Exp2(x),
            Op.ExpM1 => Elementary.ExpM1(x),
            Op.Log => Elementary.Log(x),
            Op.Log2 => Elementary.Log2(x),
            Op.Log10 => Elementary.Log10(x),
            Op.LogP1 => Elementary.LogP1(x),
            Op.Sin => Elementary.Sin(x),
            Op.Cos => Elementary.Cos(x),
            Op.Tan => Elementary.Tan(x),
            Op.Asin => Elementary.Asin(x),
            Op.Acos => Elementary.Acos(x),
            Op.Atan => Elementary.Atan(x),
            Op.Sinh => Elementary.Sinh(x),
            Op.Cosh => Elementary.Cosh(x),
            Op.Tanh => Elementary.Tanh(x),
            Op.Asinh => Elementary.Asinh(x),
            Op.Acosh => Elementary.Acosh(x),
            Op.Atanh => Elementary.Atanh(x),
            Op.Sigmoid => Elementary.Sigmoid(x),
            Op.Softplus => Elementary.Softplus(x),
            Op.Relu => Elementary.Relu(x),
            Op.Floor => Elementary.Floor(x),
            Op.Ceiling => Elementary.Ceiling(x),
            Op.Round => Elementary.Round(x),
            Op.Erf => Elementary.Erf(x),
            Op.Erfc => Elementary.Erfc(x),
            Op.NormalCdf => Elementary.NormalCdf(x),
            Op.LogisticDensity => Elementary.LogisticDensity(x),
            Op.AsinDerivative => Elementary.AsinDerivative(x),
            Op.PlusZero => Elementary.PlusZero(x),
            Op.StopGradient => Elementary.StopGradient(x),
            _ when op.IsLanewise() => Lanewise(op, x),
            _ => throw Unstated(op, "function of a register"),
        };

    /// <summary>A binary primitive of every lane of two registers.</summary>
    public static T OfRegister<T>(Op op, T a, T b)
        where T : struct, ILanes<T> => op switch
        {
            Op.Add => Elementary.Add(a, b),
            Op.Subtract => Elementary.Subtract(a, b),
            Op.Multiply => Elementary.Multiply(a, b),
            Op.Divide => Elementary.Divide(a, b),
            Op.Pow => Elementary.Pow(a, b),
            Op.Atan2 => Elementary.Atan2(a, b),
            Op.Hypot => Elementary.Hypot(a, b),
            Op.DirectionCosine => Elementary.DirectionCosine(a, b),
            Op.ShareOfNorm => Elementary.ShareOfNorm(a, b),
            Op.Min => Elementary.Min(a, b),
            Op.Max => Elementary.Max(a, b),
            Op.Xlogy => Elementary.Xlogy(a, b),
            Op.Less => Elementary.Less(a, b),
            Op.LessOrEqual => Elementary.LessOrEqual(a, b),
            Op.Greater => Elementary.Greater(a, b),
            Op.GreaterOrEqual => Elementary.GreaterOrEqual(a, b),
            Op.Equal => Elementary.Equal(a, b),
            _ when op.IsLanewise() => Lanewise(op, a, b),
            _ => throw Unstated(op, "function of a register"),
        };

    /// <summary>A ternary primitive of every lane of three registers.</summary>
    public static T OfRegister<T>(Op op, T a, T b, T c)
        where T : struct, ILanes<T> => op switch
        {
            Op.Gaussian => Elementary.Gaussian(a, b, c),
            Op.Clamp => Elementary.Clamp(a, b, c),
            Op.Where => Elementary.Where(a, b, c),
            _ when op.IsLanewise() => Lanewise(op, a, b, c),
            _ => throw Unstated(op, "function of a register"),
        };

    /// <summary>A unary primitive of every element of a run.</summary>
    public static void Map(Op op, ReadOnlySpan<double> x, Span<double> result)
    {
        switch (op)
        {
            case Op.StopGradient: x.CopyTo(result); break;
            case Op.PlusZero or Op.Negate or Op.Abs or Op.Sqrt or Op.Relu or Op.Floor or Op.Ceiling or Op.Round: Operation(op, x, result); break;
            case Op.AsinDerivative: Runs.Map(default(Functions.AsinDerivative), x, result); break;
            case var _ when !Runs.HasFusedMultiplyAdd: OneByOne(op, x, result); break;
            case Op.Exp or Op.Exp2 or Op.Log or Op.Tanh or Op.Sigmoid or Op.LogisticDensity: Exponential(op, x, result); break;
            case Op.Sin or Op.Cos or Op.Tan: Trigonometric(op, x, result); break;
            default: OneByOne(op, x, result); break;
        }
    }

    /// <summary>A binary primitive of two runs, or of a run and a number; not of two numbers.</summary>
    public static void Map(Op op, Lane a, Lane b, Span<double> result)
    {
        switch (op)
        {
            case Op.Add or Op.Subtract or Op.Multiply or Op.Divide: Operation(op, a, b, result); break;
            case Op.Min or Op.Max: Extreme(op, a, b, result); break;
            case Op.Less or Op.LessOrEqual or Op.Greater or Op.GreaterOrEqual or Op.Equal: Comparison(op, a, b, result); break;
            case Op.Pow when b.IsConstant && b.Constant == 2: Operation(Op.Multiply, a, a, result); break;
            case Op.Pow when b.IsConstant && b.Constant == 1: a.Span.CopyTo(result); break;
            case var _ when !Runs.HasFusedMultiplyAdd: OneByOne(op, a, b, result); break;
            case Op.Pow when b.IsConstant && ScalarFunctions.WholePower(b.Constant) is { } whole: Runs.Map(new Functions.IntegerPower(whole), a.Span, result); break;
            case Op.Hypot: Runs.Map(default(Functions.Hypot), a, b, result); break;
            case Op.DirectionCosine: Runs.Map(default(Functions.DirectionCosine), a, b, result); break;
            case Op.ShareOfNorm: Runs.Map(default(Functions.ShareOfNorm), a, b, result); break;
            default: OneByOne(op, a, b, result); break;
        }
    }

    /// <summary>A ternary primitive of runs and numbers.</summary>
    public static void Map(Op op, Lane a, Lane b, Lane c, Span<double> result)
    {
        switch (op)
        {
            case Op.Where when !a.IsConstant: Runs.Choose(a.Span, b, c, result); break;
            case Op.Gaussian when a.IsConstant && b.IsConstant && Runs.HasFusedMultiplyAdd: Runs.Map(new Functions.Gaussian(a.Constant, b.Constant), c.Span, result); break;
            default: OneByOne(op, a, b, c, result); break;
        }
    }

    private static void Operation(Op op, ReadOnlySpan<double> x, Span<double> result)
    {
        switch (op)
        {
            case Op.PlusZero: Runs.Map(default(Functions.PlusZero), x, result); break;
            case Op.Negate: Runs.Map(default(Functions.Negate), x, result); break;
            case Op.Abs: Runs.Map(default(Functions.Abs), x, result); break;
            case Op.Sqrt: Runs.Map(default(Functions.Sqrt), x, result); break;
            case Op.Relu: Runs.Map(default(Functions.Relu), x, result); break;
            case Op.Floor: Runs.Map(default(Functions.Floor), x, result); break;
            case Op.Ceiling: Runs.Map(default(Functions.Ceiling), x, result); break;
            case Op.Round: Runs.Map(default(Functions.Round), x, result); break;
        }
    }

    private static void Exponential(Op op, ReadOnlySpan<double> x, Span<double> result)
    {
        switch (op)
        {
            case Op.Exp: Runs.Map(default(Functions.Exp), x, result); break;
            case Op.Exp2: Runs.Map(default(Functions.Exp2), x, result); break;
            case Op.Log: Runs.Map(default(Functions.Log), x, result); break;
            case Op.Tanh: Runs.Map(default(Functions.Tanh), x, result); break;
            case Op.Sigmoid: Runs.Map(default(Functions.Sigmoid), x, result); break;
            case Op.LogisticDensity: Runs.Map(default(Functions.LogisticDensity), x, result); break;
        }
    }

    private static void Trigonometric(Op op, ReadOnlySpan<double> x, Span<double> result)
    {
        switch (op)
        {
            case Op.Sin: Runs.Map(default(Functions.Sin), x, result); break;
            case Op.Cos: Runs.Map(default(Functions.Cos), x, result); break;
            case Op.Tan: Runs.Map(default(Functions.Tan), x, result); break;
        }
    }

    private static void Operation(Op op, Lane a, Lane b, Span<double> result)
    {
        switch (op)
        {
            case Op.Add: Runs.Map(default(Functions.Add), a, b, result); break;
            case Op.Subtract: Runs.Map(default(Functions.Subtract), a, b, result); break;
            case Op.Multiply: Runs.Map(default(Functions.Multiply), a, b, result); break;
            case Op.Divide: Runs.Map(default(Functions.Divide), a, b, result); break;
        }
    }

    private static void Extreme(Op op, Lane a, Lane b, Span<double> result)
    {
        switch (op)
        {
            case Op.Min: Runs.Map(default(Functions.Min), a, b, result); break;
            case Op.Max: Runs.Map(default(Functions.Max), a, b, result); break;
        }
    }

    private static void Comparison(Op op, Lane a, Lane b, Span<double> result)
    {
        switch (op)
        {
            case Op.Less: Runs.Map(default(Functions.Less), a, b, result); break;
            case Op.LessOrEqual: Runs.Map(default(Functions.LessOrEqual), a, b, result); break;
            case Op.Greater: Runs.Map(default(Functions.Greater), a, b, result); break;
            case Op.GreaterOrEqual: Runs.Map(default(Functions.GreaterOrEqual), a, b, result); break;
            case Op.Equal: Runs.Map(default(Functions.Equal), a, b, result); break;
        }
    }

    [MethodImpl(Runs.Loop)]
    private static void OneByOne(Op op, ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < x.Length; i++)
        {
            result[i] = Value(op, x[i]);
        }
    }

    [MethodImpl(Runs.Loop)]
    private static void OneByOne(Op op, Lane a, Lane b, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Value(op, a[i], b[i]);
        }
    }

    [MethodImpl(Runs.Loop)]
    private static void OneByOne(Op op, Lane a, Lane b, Lane c, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Value(op, a[i], b[i], c[i]);
        }
    }

    /// <summary>A primitive without a function of a register, computed one lane after another.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static T Lanewise<T>(Op op, T x)
        where T : struct, ILanes<T>
    {
        Span<double> lanes = stackalloc double[T.Count];
        T.Store(x, ref lanes[0]);
        foreach (ref var lane in lanes)
        {
            lane = Value(op, lane);
        }

        return T.Load(in lanes[0]);
    }

    /// <summary>A primitive without a function of a register, computed one lane after another.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static T Lanewise<T>(Op op, T a, T b)
        where T : struct, ILanes<T>
    {
        Span<double> lanes = stackalloc double[2 * T.Count];
        T.Store(a, ref lanes[0]);
        T.Store(b, ref lanes[T.Count]);
        for (var i = 0; i < T.Count; i++)
        {
            lanes[i] = Value(op, lanes[i], lanes[T.Count + i]);
        }

        return T.Load(in lanes[0]);
    }

    /// <summary>A primitive without a function of a register, computed one lane after another.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static T Lanewise<T>(Op op, T a, T b, T c)
        where T : struct, ILanes<T>
    {
        Span<double> lanes = stackalloc double[3 * T.Count];
        T.Store(a, ref lanes[0]);
        T.Store(b, ref lanes[T.Count]);
        T.Store(c, ref lanes[2 * T.Count]);
        for (var i = 0; i < T.Count; i++)
        {
            lanes[i] = Value(op, lanes[i], lanes[T.Count + i], lanes[2 * T.Count + i]);
        }

        return T.Load(in lanes[0]);
    }
}
