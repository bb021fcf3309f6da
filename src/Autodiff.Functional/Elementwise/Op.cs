// The names of all primitives, one of which each node of a graph has. The number of a member never changes; a new member takes the next free
// number, and its place in the list does not matter. The sets below are lists of members, not ranges of numbers.

namespace Autodiff.Functional;

/// <summary>The name of the primitive operation at a node of an expression graph.</summary>
public enum Op : byte
{
    /// <summary>A constant tensor or number.</summary>
    Constant = 0,

    /// <summary>A variable: a leaf with respect to which derivatives are taken.</summary>
    Variable = 1,

    /// <summary>The elementwise −x.</summary>
    Negate = 2,

    /// <summary>Made by <see cref="Expr.Abs"/>.</summary>
    Abs = 3,

    /// <summary>Made by <see cref="Expr.Sign"/>.</summary>
    Sign = 4,

    /// <summary>Made by <see cref="Expr.Sqrt"/>.</summary>
    Sqrt = 5,

    /// <summary>Made by <see cref="Expr.Cbrt"/>.</summary>
    Cbrt = 6,

    /// <summary>Made by <see cref="Expr.Exp"/>.</summary>
    Exp = 7,

    /// <summary>Made by <see cref="Expr.Exp2"/>.</summary>
    Exp2 = 8,

    /// <summary>Made by <see cref="Expr.ExpM1"/>.</summary>
    ExpM1 = 9,

    /// <summary>Made by <see cref="Expr.Log"/>.</summary>
    Log = 10,

    /// <summary>Made by <see cref="Expr.Log2"/>.</summary>
    Log2 = 11,

    /// <summary>Made by <see cref="Expr.Log10"/>.</summary>
    Log10 = 12,

    /// <summary>Made by <see cref="Expr.LogP1"/>.</summary>
    LogP1 = 13,

    /// <summary>Made by <see cref="Expr.Sin"/>.</summary>
    Sin = 14,

    /// <summary>Made by <see cref="Expr.Cos"/>.</summary>
    Cos = 15,

    /// <summary>Made by <see cref="Expr.Tan"/>.</summary>
    Tan = 16,

    /// <summary>Made by <see cref="Expr.Asin"/>.</summary>
    Asin = 17,

    /// <summary>Made by <see cref="Expr.Acos"/>.</summary>
    Acos = 18,

    /// <summary>Made by <see cref="Expr.Atan"/>.</summary>
    Atan = 19,

    /// <summary>Made by <see cref="Expr.Sinh"/>.</summary>
    Sinh = 20,

    /// <summary>Made by <see cref="Expr.Cosh"/>.</summary>
    Cosh = 21,

    /// <summary>Made by <see cref="Expr.Tanh"/>.</summary>
    Tanh = 22,

    /// <summary>Made by <see cref="Expr.Asinh"/>.</summary>
    Asinh = 23,

    /// <summary>Made by <see cref="Expr.Acosh"/>.</summary>
    Acosh = 24,

    /// <summary>Made by <see cref="Expr.Atanh"/>.</summary>
    Atanh = 25,

    /// <summary>Made by <see cref="Expr.Sigmoid"/>.</summary>
    Sigmoid = 26,

    /// <summary>Made by <see cref="Expr.Softplus"/>.</summary>
    Softplus = 27,

    /// <summary>Made by <see cref="Expr.Relu"/>.</summary>
    Relu = 28,

    /// <summary>Made by <see cref="Expr.Floor"/>.</summary>
    Floor = 29,

    /// <summary>Made by <see cref="Expr.Ceiling"/>.</summary>
    Ceiling = 30,

    /// <summary>Made by <see cref="Expr.Round"/>.</summary>
    Round = 31,

    /// <summary>Made by <see cref="Expr.Erf"/>.</summary>
    Erf = 32,

    /// <summary>Made by <see cref="Expr.Erfc"/>.</summary>
    Erfc = 33,

    /// <summary>Made by <see cref="Expr.Gamma"/>.</summary>
    Gamma = 34,

    /// <summary>Made by <see cref="Expr.LogGamma"/>.</summary>
    LogGamma = 35,

    /// <summary>Made by <see cref="Expr.Digamma"/>.</summary>
    Digamma = 36,

    /// <summary>Made by <see cref="Expr.LambertW"/>.</summary>
    LambertW = 37,

    /// <summary>Made by <see cref="Expr.Sinc"/>.</summary>
    Sinc = 38,

    /// <summary>Made by <see cref="Expr.NormalCdf"/>.</summary>
    NormalCdf = 39,

    /// <summary>Made by <see cref="Expr.LogNormalCdf"/>.</summary>
    LogNormalCdf = 40,

    /// <summary>Made by <see cref="Expr.NormalQuantile"/>.</summary>
    NormalQuantile = 41,

    /// <summary>e⁻ˣ/(1 + e⁻ˣ)²: the derivative of <see cref="Expr.Sigmoid"/>.</summary>
    LogisticDensity = 42,

    /// <summary>1/√(1 − x²): the derivative of <see cref="Expr.Asin"/>.</summary>
    AsinDerivative = 43,

    /// <summary>x + 0, which is x except that −0 becomes 0: a divisor in the derivatives of functions that are defined for x ≥ 0 only.</summary>
    PlusZero = 44,

    /// <summary>The identity with a derivative that is a structural zero, made by <see cref="AD.StopGradient"/>.</summary>
    StopGradient = 45,

    /// <summary>The elementwise a + b.</summary>
    Add = 46,

    /// <summary>The elementwise a − b.</summary>
    Subtract = 47,

    /// <summary>The elementwise a · b.</summary>
    Multiply = 48,

    /// <summary>The elementwise a / b.</summary>
    Divide = 49,

    /// <summary>Made by <see cref="Expr.Pow(Expr, Expr)"/>.</summary>
    Pow = 50,

    /// <summary>Made by <see cref="Expr.Atan2"/>.</summary>
    Atan2 = 51,

    /// <summary>Made by <see cref="Expr.Hypot"/>.</summary>
    Hypot = 52,

    /// <summary>a/√(a² + b²), the cosine of the angle of (a, b): a derivative of <see cref="Expr.Hypot"/>.</summary>
    DirectionCosine = 53,

    /// <summary>a/b of an element a and the norm b, and ±1 if both are infinite: the derivative of <see cref="Expr.Norm(Expr, Axes, bool, double)"/>.</summary>
    ShareOfNorm = 54,

    /// <summary>Made by <see cref="Expr.Min(Expr, Expr)"/>.</summary>
    Min = 55,

    /// <summary>Made by <see cref="Expr.Max(Expr, Expr)"/>.</summary>
    Max = 56,

    /// <summary>Made by <see cref="Expr.Xlogy"/>.</summary>
    Xlogy = 57,

    /// <summary>Made by <see cref="Expr.LogBeta"/>.</summary>
    LogBeta = 58,

    /// <summary>Made by <see cref="Expr.Beta"/>.</summary>
    Beta = 59,

    /// <summary>Made by <see cref="Expr.GammaP"/>.</summary>
    GammaP = 60,

    /// <summary>Made by <see cref="Expr.GammaQ"/>.</summary>
    GammaQ = 61,

    /// <summary>Made by <see cref="Expr.Polygamma"/>.</summary>
    Polygamma = 62,

    /// <summary>Jₙ(x), n being the first operand, made by <see cref="Expr.BesselJ0"/> and <see cref="Expr.BesselJ1"/>.</summary>
    BesselJ = 63,

    /// <summary>Iₙ(x), n being the first operand, made by <see cref="Expr.BesselI0"/> and <see cref="Expr.BesselI1"/>.</summary>
    BesselI = 64,

    /// <summary>dⁿ/dxⁿ Γ(x), n being the first operand: the derivatives of <see cref="Expr.Gamma"/>.</summary>
    GammaDerivative = 65,

    /// <summary>dⁿ/dxⁿ (sin x / x), n being the first operand: the derivatives of <see cref="Expr.Sinc"/>.</summary>
    SincDerivative = 66,

    /// <summary>dⁿ/dxⁿ log Φ(x), n being the first operand: the derivatives of <see cref="Expr.LogNormalCdf"/>.</summary>
    LogNormalCdfDerivative = 67,

    /// <summary>The mask a &lt; b.</summary>
    Less = 68,

    /// <summary>The mask a ≤ b.</summary>
    LessOrEqual = 69,

    /// <summary>The mask a &gt; b.</summary>
    Greater = 70,

    /// <summary>The mask a ≥ b.</summary>
    GreaterOrEqual = 71,

    /// <summary>The mask a = b, made by <see cref="Expr.Eq"/>.</summary>
    Equal = 72,

    /// <summary>ψₙ(a) − ψₙ(a + b), n being the first operand: in the derivatives of <see cref="Expr.LogBeta"/>.</summary>
    PolygammaDifference = 73,

    /// <summary>
    /// The derivatives of xᵃ⁻¹e⁻ˣ/Γ(a), with which those of <see cref="Expr.GammaP"/> begin. The first operand is the number of derivatives in x, and
    /// 1000 times that in a.
    /// </summary>
    GammaDensity = 74,

    /// <summary>dⁿ/dxⁿ e^(−ax²), n being the first operand: the derivatives of <see cref="Expr.Erf"/> and <see cref="Expr.NormalCdf"/>.</summary>
    Gaussian = 75,

    /// <summary>Made by <see cref="Expr.Clamp(Expr, Expr, Expr)"/>.</summary>
    Clamp = 76,

    /// <summary>Made by <see cref="Expr.Where"/>.</summary>
    Where = 77,

    /// <summary>Made by <see cref="Expr.Sum(Expr, Axes, bool)"/>.</summary>
    Sum = 78,

    /// <summary>Made by <see cref="Expr.Prod"/>.</summary>
    Prod = 79,

    /// <summary>Made by <see cref="Expr.MaxOf"/>.</summary>
    MaxOf = 80,

    /// <summary>Made by <see cref="Expr.MinOf"/>.</summary>
    MinOf = 81,

    /// <summary>Made by <see cref="Expr.LogSumExp(Expr, Axes, bool)"/>.</summary>
    LogSumExp = 82,

    /// <summary>log Σx, made by <see cref="Expr.LogSumExp(Expr, Axes, bool)"/> of logarithms.</summary>
    LogSum = 83,

    /// <summary>Made by <see cref="Expr.Norm(Expr, Axes, bool, double)"/>.</summary>
    Norm = 84,

    /// <summary>Made by <see cref="Expr.CumSum"/>.</summary>
    CumSum = 85,

    /// <summary>The same elements in row-major order under another shape, made by the overloads of <c>Expr.Reshape</c>.</summary>
    Reshape = 86,

    /// <summary>Made by <see cref="Expr.BroadcastTo(Expr, Shape)"/>.</summary>
    BroadcastTo = 87,

    /// <summary>Axes in another order, made by <see cref="Expr.Permute(Expr, ReadOnlySpan{int})"/> and <see cref="Expr.Transpose"/>.</summary>
    Permute = 88,

    /// <summary>An element or a box of elements of a tensor, made by the indexers of <see cref="Expr"/>.</summary>
    Slice = 89,

    /// <summary>Tensors added into zeros, each at its own place: the transpose of <see cref="Slice"/> and <see cref="Take"/>.</summary>
    Scatter = 90,

    /// <summary>Made by <see cref="Expr.Concat(ReadOnlySpan{Expr}, int)"/>.</summary>
    Concat = 91,

    /// <summary>Made by <see cref="Expr.Stack(ReadOnlySpan{Expr}, int)"/>.</summary>
    Stack = 92,

    /// <summary>Made by <see cref="Expr.Flip"/>.</summary>
    Flip = 93,

    /// <summary>Made by <see cref="Expr.Take(Expr, ReadOnlySpan{int}, int)"/>.</summary>
    Take = 94,

    /// <summary>Made by <see cref="Expr.Dot"/>.</summary>
    Dot = 95,

    /// <summary>Made by <see cref="Expr.MatMul"/>.</summary>
    MatMul = 96,

    /// <summary>Made by <see cref="Expr.Outer"/>.</summary>
    Outer = 97,

    /// <summary>Made by <see cref="Expr.Einsum(string, ReadOnlySpan{Expr})"/>.</summary>
    Einsum = 98,

    /// <summary>Made by <see cref="Expr.Trace(Expr)"/>.</summary>
    Trace = 99,

    /// <summary>Made by <see cref="Expr.Diag(Expr)"/>.</summary>
    Diag = 100,

    /// <summary>Made by what <see cref="Primitive">Primitive.Define</see> returns.</summary>
    Defined = 101,

    /// <summary>Made by <c>Fold</c>, <c>Scan</c>, <c>Iterate</c> and <c>While</c>: a loop as one node.</summary>
    Loop = 102,

    /// <summary>The reverse sweep through a <see cref="Loop"/>.</summary>
    LoopAdjoint = 103,

    /// <summary>Made by <c>Cond</c>: the branch that a predicate chooses.</summary>
    Cond = 104,

    /// <summary>Made by <c>Checkpoint</c>, <c>CustomVjp</c> and <c>CustomJvp</c>: a function with its own derivative.</summary>
    Call = 105,

    /// <summary>Made by <c>Root</c>, <c>FixedPoint</c> and <c>ArgMin</c>: a solution of equations.</summary>
    Root = 106,

    /// <summary>Made by <see cref="Expr.Solve"/>.</summary>
    Solve = 107,

    /// <summary>Made by <see cref="Expr.SolveTriangular"/>.</summary>
    SolveTriangular = 108,

    /// <summary>Made by <see cref="Expr.Inverse"/>.</summary>
    Inverse = 109,

    /// <summary>Made by <see cref="Expr.Det"/>.</summary>
    Det = 110,

    /// <summary>The matrix of cofactors: the gradient of <see cref="Det"/>. With directions stacked below the matrix, also its derivatives.</summary>
    Cofactors = 111,

    /// <summary>Made by <see cref="Expr.LogDet"/>.</summary>
    LogDet = 112,

    /// <summary>Made by <see cref="Expr.Cholesky"/>.</summary>
    Cholesky = 113,

    /// <summary>Made by <see cref="Expr.Qr"/>: the elements of Q, then those of R, packed along the last axis.</summary>
    Qr = 114,

    /// <summary>Made by <see cref="Expr.Eigh"/>: a column of eigenvalues, then the matrix of eigenvectors.</summary>
    Eigh = 115,

    /// <summary>Made by <see cref="Expr.Svd"/>: the elements of U, then those of S, then those of Vᵀ, packed along the last axis.</summary>
    Svd = 116,

    /// <summary>Made by <see cref="Expr.Expm"/>. With directions stacked below the matrix, also its derivatives.</summary>
    Expm = 117,

    /// <summary>Made by <see cref="Expr.PolarFactor"/>.</summary>
    PolarFactor = 118,

    /// <summary>The antisymmetric X with H X + X H = B − Bᵀ, which is part of the derivative of <see cref="PolarFactor"/>.</summary>
    Lyapunov = 119,

    /// <summary>Made by <see cref="Expr.MatrixFunction"/>.</summary>
    MatrixFunction = 120,

    /// <summary>A matrix factored for several systems of equations, which is part of the power series of <see cref="Solve"/>.</summary>
    Factors = 121,

    /// <summary>∂ⁿ/∂aⁿ P(a, x), n being the first operand: the derivatives of <see cref="Expr.GammaP"/> and <see cref="Expr.GammaQ"/> in a.</summary>
    GammaPDerivative = 122,

    /// <summary>Made by <see cref="Expr.BetaInc"/>: the regularized incomplete beta function and its derivatives.</summary>
    BetaInc = 123,

    /// <summary>φ(Φ⁻¹(p)), the normal density at the quantile of p: 1 over it is the derivative of <see cref="Expr.NormalQuantile"/>.</summary>
    NormalDensityQuantile = 124,

    /// <summary>Made by <see cref="Expr.ErfInv"/>.</summary>
    ErfInv = 125,

    /// <summary>Made by <see cref="Expr.ErfcInv"/>.</summary>
    ErfcInv = 126,

    /// <summary>Made by <see cref="Expr.Erfcx"/>.</summary>
    Erfcx = 127,

    /// <summary>dⁿ/dxⁿ e^(x²) erfc x, n being the first operand: the derivatives of <see cref="Expr.Erfcx"/>.</summary>
    ErfcxDerivative = 128,

    /// <summary>Made by <see cref="Expr.Dawson"/>.</summary>
    Dawson = 129,

    /// <summary>The n-th derivative of Dawson's integral, n being the first operand: the derivatives of <see cref="Expr.Dawson"/>.</summary>
    DawsonDerivative = 130,

    /// <summary>Made by <see cref="Expr.ExpIntegralE1"/>.</summary>
    ExpIntegralE1 = 131,

    /// <summary>Made by <see cref="Expr.ExpIntegralEi"/>.</summary>
    ExpIntegralEi = 132,

    /// <summary>Made by <see cref="Expr.Zeta(Expr, Expr)"/>: Hurwitz's function and its derivatives.</summary>
    Zeta = 133,

    /// <summary>Made by <see cref="Expr.BesselY"/>.</summary>
    BesselY = 134,

    /// <summary>Made by <see cref="Expr.BesselI"/> if the order is not whole.</summary>
    BesselIOfRealOrder = 135,

    /// <summary>Made by <see cref="Expr.BesselIScaled"/>.</summary>
    BesselIScaled = 136,

    /// <summary>Made by <see cref="Expr.BesselK"/>.</summary>
    BesselK = 137,

    /// <summary>Made by <see cref="Expr.BesselKScaled"/>.</summary>
    BesselKScaled = 138,

    /// <summary>Made by <see cref="Expr.Binomial"/>: the binomial coefficient and its derivatives.</summary>
    Binomial = 139,

    /// <summary>The remainder of a division with the sign of the dividend, made by the operator <c>%</c>.</summary>
    Remainder = 140,

    /// <summary>Made by <see cref="Expr.Mod"/>.</summary>
    Mod = 141,

    /// <summary>Every so many positions of an axis, made by an indexer with <see cref="Slice.Every(int)"/>.</summary>
    Every = 142,

    /// <summary>Made by <see cref="Expr.Lstsq"/> and <see cref="Expr.PInv"/>.</summary>
    Lstsq = 143,

    /// <summary>The sign of a determinant, made by <see cref="Expr.SignedLogDet"/>.</summary>
    DetSign = 144,

    /// <summary>The sum of the singular values, made by <see cref="Expr.MatrixNorm(Expr, string)"/>.</summary>
    NuclearNorm = 145,

    /// <summary>Made by <see cref="Expr.Sqrtm"/>.</summary>
    Sqrtm = 146,

    /// <summary>Made by <see cref="Expr.Logm"/>. With directions stacked below the matrix, also its derivatives.</summary>
    Logm = 147,

    /// <summary>Made by <see cref="Expr.SolveSylvester"/>.</summary>
    SolveSylvester = 148,

    /// <summary>Made by <see cref="Expr.SolveBanded"/>.</summary>
    SolveBanded = 149,

    /// <summary>Made by <see cref="Expr.Lu"/>: the elements of P, then those of L, then those of U, packed along the last axis.</summary>
    Lu = 150,

    /// <summary>Made by <see cref="Expr.Conv"/>.</summary>
    Conv = 151,

    /// <summary>Made by <see cref="Expr.ConvTranspose"/>, and the derivative of <see cref="Conv"/> in its input.</summary>
    ConvTranspose = 152,

    /// <summary>The derivative of <see cref="Conv"/> and <see cref="ConvTranspose"/> in the kernel.</summary>
    ConvKernel = 153,

    /// <summary>Made by <see cref="Expr.MaxPool"/>.</summary>
    MaxPool = 154,

    /// <summary>The tangent of <see cref="MaxPool"/>.</summary>
    MaxPoolPush = 155,

    /// <summary>The cotangent of <see cref="MaxPool"/>.</summary>
    MaxPoolPull = 156,

    /// <summary>Made by <see cref="Expr.Take(Expr, Expr, int)"/>.</summary>
    Gather = 157,

    /// <summary>Made by <see cref="Expr.ScatterAdd"/>.</summary>
    ScatterAdd = 158,

    /// <summary>Made by <see cref="Expr.Update(Expr, Expr, Expr, int)"/>.</summary>
    Update = 159,

    /// <summary>Made by <see cref="Expr.SegmentMax"/>.</summary>
    SegmentMax = 160,

    /// <summary>Made by <see cref="Expr.ArgSort"/>.</summary>
    ArgSort = 161,

    /// <summary>Made by <see cref="Expr.SearchSorted"/>.</summary>
    SearchSorted = 162,

    /// <summary>Made by <see cref="Expr.IndexOfMax"/> and <see cref="Expr.IndexOfMin"/>.</summary>
    IndexOfExtreme = 163,

    /// <summary>Made by <see cref="Expr.CumProd"/>.</summary>
    CumProd = 164,

    /// <summary>Made by <see cref="Expr.CumMax"/> and <see cref="Expr.CumMin"/>.</summary>
    CumExtreme = 165,

    /// <summary>Made by <see cref="Expr.CumLogSumExp"/>.</summary>
    CumLogSumExp = 166,

    /// <summary>A linear recurrence along an axis, by which the derivatives of running products, extremes and log Σ exp are computed.</summary>
    Recurrence = 167,

    /// <summary>Random bits of a key, which the functions of <see cref="Rng"/> are made of.</summary>
    RandomBits = 168,
}

/// <summary>
/// The named sets of primitives. Each elementwise primitive is in exactly one of <see cref="IsUnary"/>, <see cref="IsBinary"/> and
/// <see cref="IsTernary"/>.
/// </summary>
internal static class OpSets
{
    private static readonly string[] s_names = Names();

    /// <summary>The name of the member, from an array, which is faster than <c>ToString</c>.</summary>
    public static string Name(this Op op) => s_names[(int)op];

    /// <summary>Constants and variables, including fresh leaves, whose operand is the argument that they stand for.</summary>
    public static bool IsLeaf(this Op op) => op is Op.Constant or Op.Variable;

    /// <summary>Functions of one number, applied to every element.</summary>
    public static bool IsUnary(this Op op) =>
        op is Op.Negate or Op.Abs or Op.Sign or Op.Sqrt or Op.Cbrt or Op.Exp or Op.Exp2 or Op.ExpM1 or Op.Log or Op.Log2 or Op.Log10 or Op.LogP1
            or Op.Sin or Op.Cos or Op.Tan or Op.Asin or Op.Acos or Op.Atan or Op.Sinh or Op.Cosh or Op.Tanh or Op.Asinh or Op.Acosh or Op.Atanh
            or Op.Sigmoid or Op.Softplus or Op.Relu or Op.Floor or Op.Ceiling or Op.Round or Op.Erf or Op.Erfc or Op.Gamma or Op.LogGamma
            or Op.NormalDensityQuantile or Op.ErfInv or Op.ErfcInv or Op.Erfcx or Op.Dawson or Op.ExpIntegralE1 or Op.ExpIntegralEi
            or Op.Digamma or Op.LambertW or Op.Sinc or Op.NormalCdf or Op.LogNormalCdf or Op.NormalQuantile or Op.LogisticDensity
            or Op.AsinDerivative or Op.PlusZero or Op.StopGradient;

    /// <summary>Functions of two numbers, applied to every pair of elements.</summary>
    public static bool IsBinary(this Op op) =>
        op is Op.Add or Op.Subtract or Op.Multiply or Op.Divide or Op.Pow or Op.Atan2 or Op.Hypot or Op.DirectionCosine or Op.ShareOfNorm or Op.Min
            or Op.Max or Op.Xlogy or Op.LogBeta or Op.Beta or Op.GammaP or Op.GammaQ or Op.Polygamma or Op.BesselJ or Op.BesselI
            or Op.GammaDerivative or Op.SincDerivative or Op.LogNormalCdfDerivative or Op.ErfcxDerivative or Op.DawsonDerivative
            or Op.Less or Op.LessOrEqual or Op.Greater or Op.GreaterOrEqual or Op.Equal or Op.Remainder or Op.Mod;

    /// <summary>Functions of three numbers, applied to every triple of elements.</summary>
    public static bool IsTernary(this Op op) => op is Op.PolygammaDifference or Op.GammaDensity or Op.GammaPDerivative or Op.Gaussian or Op.Clamp or Op.Where;

    /// <summary>Functions of numbers, applied element by element.</summary>
    public static bool IsElementwise(this Op op) => op.IsBinary() || op.IsUnary() || op.IsTernary();

    /// <summary>How many operands an elementwise primitive has.</summary>
    public static int Arity(this Op op) => op.IsBinary() ? 2 : op.IsUnary() ? 1 : 3;

    /// <summary>Comparisons of two operands, whose result is a mask: 1 where the comparison holds, 0 where it does not.</summary>
    public static bool IsComparison(this Op op) => op is Op.Less or Op.LessOrEqual or Op.Greater or Op.GreaterOrEqual or Op.Equal;

    /// <summary>Binary primitives whose result does not depend on the order of the operands, to the bit.</summary>
    public static bool IsCommutative(this Op op) => op is Op.Add or Op.Multiply;

    /// <summary>Primitives whose value is that of the method of <see cref="Math"/> with the same name.</summary>
    public static bool IsOfMath(this Op op) =>
        op is Op.Abs or Op.Sqrt or Op.Cbrt or Op.Exp or Op.Log or Op.Log2 or Op.Log10 or Op.Sin or Op.Cos or Op.Tan or Op.Asin or Op.Acos or Op.Atan
            or Op.Sinh or Op.Cosh or Op.Tanh or Op.Asinh or Op.Acosh or Op.Atanh or Op.Floor or Op.Ceiling or Op.Round or Op.Min or Op.Max or Op.Atan2;

    /// <summary>Primitives without a function of a register: compiled loops compute them one lane at a time.</summary>
    public static bool IsLanewise(this Op op) =>
        op is Op.Gamma or Op.LogGamma or Op.Digamma or Op.LambertW or Op.Sinc or Op.LogNormalCdf or Op.NormalQuantile or Op.LogBeta or Op.Beta
            or Op.GammaP or Op.GammaQ or Op.Polygamma or Op.BesselJ or Op.BesselI or Op.GammaDerivative or Op.SincDerivative
            or Op.LogNormalCdfDerivative or Op.PolygammaDifference or Op.GammaDensity or Op.GammaPDerivative or Op.NormalDensityQuantile or Op.ErfInv
            or Op.ErfcInv or Op.Erfcx or Op.ErfcxDerivative or Op.Dawson or Op.DawsonDerivative or Op.ExpIntegralE1 or Op.ExpIntegralEi
            or Op.Remainder or Op.Mod;

    /// <summary>Primitives whose first operand is an order: a whole number, with respect to which there is no derivative.</summary>
    public static bool HasOrder(this Op op) =>
        op is Op.Polygamma or Op.BesselJ or Op.BesselI or Op.GammaDerivative or Op.SincDerivative or Op.LogNormalCdfDerivative or Op.ErfcxDerivative
            or Op.DawsonDerivative or Op.PolygammaDifference or Op.GammaDensity or Op.GammaPDerivative or Op.Gaussian;

    /// <summary>
    /// Primitives whose first operand is only a condition or the start of a search: the derivative with respect to it is a structural zero.
    /// </summary>
    public static bool ChoosesByFirst(this Op op) => op is Op.Where or Op.Cond or Op.Root;

    /// <summary>Primitives whose derivatives are structural zeros: StopGradient, functions that are constant almost everywhere, positions, and factors that only stand beside their matrix.</summary>
    public static bool StopsDerivatives(this Op op) => op is Op.StopGradient or Op.Sign or Op.Floor or Op.Ceiling or Op.Round
        or Op.ArgSort or Op.SearchSorted or Op.IndexOfExtreme or Op.RandomBits or Op.Factors or Op.DetSign || op.IsComparison();

    private static string[] Names()
    {
        var names = new string[byte.MaxValue + 1];
        foreach (var op in Enum.GetValues<Op>())
        {
            names[(int)op] = op.ToString();
        }

        return names;
    }
}
