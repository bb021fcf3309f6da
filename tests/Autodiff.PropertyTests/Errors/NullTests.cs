// Null anywhere is an AutodiffException that names the operation, never a NullReferenceException. The public methods are
// found by reflection, so that a new one is covered as soon as it exists.

using System.Linq.Expressions;
using System.Numerics.Tensors;
using System.Reflection;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Errors.Example;

namespace Autodiff.PropertyTests.Errors;

public class NullTests
{
    private static readonly Expr s_one = Ones(2, 2);

    /// <summary>Methods that take a span, which reflection cannot pass; each is called below by hand.</summary>
    private static readonly string[] s_takeSpans =
        [
        "Concat", "Stack", "Einsum", "Take", "Permute", "Reshape", "Constant", "Zeros", "Ones", "Parse", "FromLambda", "FromJson",
        "BroadcastTo", "Max", "Min", "Sum", "MeshGrid", "Split", "Tile", "Pad",
        "Of", "From", "op_Implicit",
    ];

    public static TheoryData<MethodInfo, int> NullableParameters
    {
        get
        {
            var cases = new TheoryData<MethodInfo, int>();
            foreach (var method in Methods().Where(method => !TakesSpan(method)))
            {
                foreach (var parameter in method.GetParameters().Where(parameter => !parameter.ParameterType.IsValueType && !MayBeNull(parameter)))
                {
                    cases.Add(method, parameter.Position);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(NullableParameters))]
    public void A_null_argument_is_an_AutodiffException(MethodInfo method, int position)
    {
        var arguments = method.GetParameters()
            .Select(parameter => parameter.Position == position ? null : parameter.HasDefaultValue ? parameter.DefaultValue : Argument(parameter.ParameterType))
            .ToArray();

        var error = Assert.Throws<TargetInvocationException>(() => method.Invoke(null, arguments)).InnerException;

        var known = Assert.IsAssignableFrom<AutodiffException>(error);
        Assert.Contains("null", known.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_method_that_takes_a_span_is_called_by_hand() =>
        Assert.Empty(Methods().Where(TakesSpan).Select(method => method.Name).Distinct().Except(s_takeSpans));

    /// <summary>Calls with a null where reflection cannot put one: in spans, arrays, results and what transforms return.</summary>
    internal static IReadOnlyList<Example> Calls { get; } =
    [
        Null(() => Concat([s_one, null!]), "Concat"),
        Null(() => Of(1, null!), "Of"),
        Null(() => From((double[])null!), "From"),
        Null(() => From((double[][])null!), "From"),
        Null(() => From([[1.0], null!]), "From"),
        Null(() => (Expr)(double[][])[[1.0], null!], "From"),
        Null(() => new List<Expr> { 1, null! }.Sum(), "Sum"),
        Null(() => new List<Expr> { 1, null! }.Prod(), "Prod"),
        Null(() => ((IEnumerable<Expr>)null!).Mean(), "Mean"),
        Null(() => ((IEnumerable<Expr>)null!).Max(), "Max"),
        Null(() => new Expr[] { null! }.Min(), "Min"),
        Null(() => ((IEnumerable<Expr>)null!).Stack(), "Stack"),
        Null(() => new Expr[] { null! }.Concat(0), "Concat"),
        Null(() => ((Expr)null!).Exp(), "Exp"),
        Null(() => Concat([null!]), "Concat"),
        Null(() => Concat(null), "Concat"),
        Null(() => Stack([null!, s_one]), "Stack"),
        Null(() => Stack(null), "Stack"),
        Null(() => Einsum("i,i->", s_one, null!), "Einsum"),
        Null(() => Einsum("i->", null!), "Einsum"),
        Null(() => Einsum(null!, s_one), "Einsum"),
        Null(() => Clamp(s_one, null, null), "Clamp"),
        Null(() => Concat(s_one, null!), "Concat"),
        Null(() => Stack(s_one, null!), "Stack"),
        Null(() => BroadcastTo(null!, 2, 2), "BroadcastTo"),
        Null(() => Max(s_one, s_one, (Expr)null!), "Max"),
        Null(() => Min(null!, s_one, s_one), "Min"),
        Null(() => Sum(s_one, null!, s_one), "Sum"),
        Null(() => MeshGrid(s_one[0], null!), "MeshGrid"),
        Null(() => MeshGrid(s_one[0], s_one[0], (string)null!), "MeshGrid"),
        Null(() => MeshGrid([s_one[0]], null!), "MeshGrid"),
        Null(() => Split(null!, [1]), "Split"),
        Null(() => Tile(null!, 2), "Tile"),
        Null(() => Pad(null!, (1, 1)), "Pad"),
        Null(() => TensorDot(s_one, s_one, (null!, [0])), "TensorDot"),
        Null(() => Take(null!, [0]), "Take"),
        Null(() => Parse(null!), "Parse"),
        Null(() => Parse("x", (ParseOptions)null!), "Parse"),
        Null(() => Parse("x", s_one, null!), "Parse"),
        Null(() => Parse("x", ("x", null!)), "Parse"),
        Null(() => Parse("x", (null!, s_one)), "Parse"),
        Null(() => Parse("x", new ParseOptions { Functions = null! }), "Parse"),
        Null(() => Parse("x", new ParseOptions { Functions = new Dictionary<string, Func<Expr, Expr>> { ["f"] = null! } }), "Parse"),
        Null(() => MatrixFunction(null!, Eye(2)), "MatrixFunction"),
        Null(() => MatrixFunction(Exp, null!), "MatrixFunction"),
        Null(() => MatrixFunction(x => (Expr)null!, Eye(2)), "MatrixFunction"),
        Null(() => PolarFactor(null!), "PolarFactor"),
        Null(() => Lu(null!), "Lu"),
        Null(() => SignedLogDet(null!), "SignedLogDet"),
        Null(() => SolveBanded(0, 0, null!, s_one), "SolveBanded"),
        Null(() => MatrixNorm(null!, "nuc"), "MatrixNorm"),
        Null(() => MatrixNorm(s_one, null!), "MatrixNorm"),
        Null(() => ConditionNumber(null!, 1), "ConditionNumber"),
        Null(() => Permute(null!, 0), "Permute"),
        Null(() => Reshape(null!, 1), "Reshape"),
        Null(() => Reshape(null!, -1), "Reshape"),
        Null(() => Constant(null, new Shape(1)), "Constant"),
        Null(() => (s_one + Variable("x")).WithOperands(s_one, null!), "Add"),
        Null(() => Variable("x").Substitute((null!, 1)), "Substitute"),
        Null(() => Variable("x").Substitute((Variable("x"), null!)), "Substitute"),
        Null(() => FromLambda((LambdaExpression)null!), "FromLambda"),
        Null(() => FromLambda((Expression<Func<double, double>>)null!), "FromLambda"),
        Null(() => FromLambda((Expression<Func<double, double, double>>)null!), "FromLambda"),
        Null(() => FromLambda((Expression<Func<double, double, double, double>>)null!), "FromLambda"),
        Null(() => FromLambda((Expression<Func<double, double, double, double, double>>)null!), "FromLambda"),
        Null(() => FromLambda(x => x, [null!]), "FromLambda"),
        Null(() => FromLambda((x, y) => x, 1, null!), "FromLambda"),
        Null(() => FromLambda(x => (double)(Expr)null!), "FromLambda"),
        Null(() => Variable("x").ToLambda<Func<double, double>>([null!]), "ToLambda"),
        Null(() => FromJson((string)null!), "FromJson"),
        Null(() => FromJson((System.IO.Stream)null!), "FromJson"),
        Null(() => FromJson(Variable("x").ToJson(), [null!]), "FromJson"),
        Null(() => { Variable("x").WriteJson(null!); return 0; }, "WriteJson"),
        Null(() => { new ExprJsonConverter().Write(null!, 1, null!); return 0; }, "JsonSerializer"),
        Null(() => Backward(Variable("x"))[null!], "Adjoints"),
        Null(() => Backward(Variable("x")).Find(null!), "Adjoints"),
        Null(() => Backward(Variable("x")).ContainsKey(null!), "Adjoints"),
        Null(() => Backward(Variable("x")).TryGetValue(null!, out _), "Adjoints"),
        Null(() => (Expr)null! ? 1 : 2, "Condition"),
        Null(() => Grad(x => x)(null!), "Grad"),
        Null(() => Grad(x => (Expr)null!)(1), "Grad"),
        Null(() => Grad((x, y) => x)(1, null!), "Grad"),
        Null(() => Grad((x, y, z) => x)(1, null!, 1), "Grad"),
        Null(() => Grad((x, y, z, w) => x)(null!, 1, 1, 1), "Grad"),
        Null(() => ValueAndGrad(x => x)(null!), "ValueAndGrad"),
        Null(() => ValueAndGrad((x, y) => x)(null!, 1), "ValueAndGrad"),
        Null(() => ValueAndGrad((x, y, z) => x)(1, 1, null!), "ValueAndGrad"),
        Null(() => ValueAndGrad((x, y, z, w) => x)(1, 1, 1, null!), "ValueAndGrad"),
        Null(() => Vjp(x => x)(null!), "Vjp"),
        Null(() => Vjp(x => x)(1).Pullback(null!), "Vjp"),
        Null(() => Vjp(x => (Expr)null!)(1), "Vjp"),
        Null(() => Vjp((x, y) => x)(1, null!), "Vjp"),
        Null(() => Vjp((x, y) => x)(1, 1).Pullback(null!), "Vjp"),
        Null(() => Vjp((x, y, z) => x)(1, 1, null!), "Vjp"),
        Null(() => Vjp((x, y, z, w) => x)(1, 1, 1, 1).Pullback(null!), "Vjp"),
        Null(() => Vjp((Expr x) => (x, x))(null!), "Vjp"),
        Null(() => Vjp((Expr x) => (Expr[])null!)(1), "Vjp"),
        Null(() => Vjp((Expr x) => new[] { x })(1).Pullback(null!), "Vjp"),
        Null(() => Vjp((Expr x) => new[] { x })(1).Pullback([null!]), "Vjp"),
        Null(() => Jvp((Expr x) => new[] { x })(1, null!), "Jvp"),
        Null(() => Linearize((Expr[] x) => x)([1]).Pushforward(null!), "Linearize"),
        Null(() => GradWithAux(x => (x, 1))(null!), "GradWithAux"),
        Null(() => GradWithAux(x => ((Expr)null!, 1))(1), "GradWithAux"),
        Null(() => GradWithAux((x, y, z) => (x, 1))(1, 1, null!), "GradWithAux"),
        Null(() => GradWithAux((Func<Expr, (Expr, int)>)null!), "GradWithAux"),
        Null(() => GradWithAux((Func<Expr[], (Expr, int)>)null!), "GradWithAux"),
        Null(() => Vjp((Func<Expr, Expr[]>)null!), "Vjp"),
        Null(() => Jvp((Func<Expr, Expr[]>)null!), "Jvp"),
        Null(() => Linearize((Func<Expr, Expr[]>)null!), "Linearize"),
        Null(() => Jacobian((Func<Expr[], Expr>)null!), "Jacobian"),
        Null(() => JacobianForward((Func<Expr[], Expr>)null!), "JacobianForward"),
        Null(() => JacobianReverse((Func<Expr[], Expr>)null!), "JacobianReverse"),
        Null(() => Hvp((Func<Expr[], Expr>)null!), "Hvp"),
        Null(() => Jvp(x => x)(null!, 1), "Jvp"),
        Null(() => Jvp(x => x)(1, null!), "Jvp"),
        Null(() => Jvp((x, y) => x)(1, 1, 1, null!), "Jvp"),
        Null(() => Jvp((x, y) => x)(1, null!, 1, 1), "Jvp"),
        Null(() => Jvp((x, y, z) => x)(1, 1, 1, 1, 1, null!), "Jvp"),
        Null(() => Linearize((x, y) => x)(1, null!), "Linearize"),
        Null(() => Linearize((x, y) => x)(1, 1).Pushforward(1, null!), "Linearize"),
        Null(() => Linearize(x => x)(null!), "Linearize"),
        Null(() => Linearize(x => x)(1).Pushforward(null!), "Linearize"),
        Null(() => Diff(x => x)(null!), "Diff"),
        Null(() => Diff(x => (Expr)null!)(1), "Diff"),
        Null(() => Diff(x => x, 2)(null!), "Diff"),
        Null(() => Jacobian(x => x)(null!), "Jacobian"),
        Null(() => Jacobian(x => (Expr)null!)(1), "Jacobian"),
        Null(() => JacobianForward(x => x)(null!), "JacobianForward"),
        Null(() => JacobianReverse(x => x)(null!), "JacobianReverse"),
        Null(() => Hessian(x => x)(null!), "Hessian"),
        Null(() => Hessian((x, y) => x)(null!, 1), "Hessian"),
        Null(() => HessianDiagonal((x, y, z) => x)(1, 1, null!), "HessianDiagonal"),
        Null(() => ValueAndJacobian((x, y) => x)(1, null!), "ValueAndJacobian"),
        Null(() => ValueGradHessian((x, y, z, w) => x)(1, 1, null!, 1), "ValueGradHessian"),
        Null(() => Grad((x, y) => x, argument: 1)(null!, 1), "Grad"),
        Null(() => Hvp(x => x)(null!, 1), "Hvp"),
        Null(() => Hvp(x => x)(1, null!), "Hvp"),
        Null(() => Hvp((x, y) => x)(1, null!, 1, 1), "Hvp"),
        Null(() => Hvp((x, y) => x)(1, 1, 1, null!), "Hvp"),
        Null(() => Jacobian((x, y) => x)(1, null!), "Jacobian"),
        Null(() => Laplacian(x => x)(null!), "Laplacian"),
        Null(() => Divergence(x => x)(null!), "Divergence"),
        Null(() => Curl(x => x)(null!), "Curl"),
    ];

    public static TheoryData<Example> ByHand => [.. Calls];

    [Theory]
    [MemberData(nameof(ByHand))]
    public void A_null_inside_an_argument_is_an_AutodiffException_that_names_the_operation(Example example)
    {
        var error = Assert.IsAssignableFrom<AutodiffException>(example.Caught());

        Assert.StartsWith(example.Says[0], error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<MethodInfo> Methods() =>
        from type in new[] { typeof(Expr), typeof(AD), typeof(Rng), typeof(ExprExtensions) }
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where !method.IsGenericMethodDefinition && method.GetParameters().Length > 0
        select method;

    private static bool TakesSpan(MethodInfo method) => method.GetParameters().Any(parameter => parameter.ParameterType.IsByRefLike);

    private static bool MayBeNull(ParameterInfo parameter) =>
        new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable;

    /// <summary>A quoted function of as many numbers as a type takes; of one if the type does not say.</summary>
    private static LambdaExpression Lambda(Type type)
    {
        var count = type.IsGenericType ? type.GetGenericArguments()[0].GetGenericArguments().Length - 1 : 1;
        ParameterExpression[] parameters = [.. Enumerable.Range(0, count).Select(i => Expression.Parameter(typeof(double), $"x{i}"))];
        return Expression.Lambda(parameters[0], parameters);
    }

    private static object? Argument(Type type) =>
        type == typeof(Expr) ? s_one
        : type == typeof(string) ? "x"
        : type == typeof(Tensor<double>) ? Tensor.Create<double>([1])
        : type.IsValueType ? Activator.CreateInstance(type)
        : type == typeof(int[]) ? new int[] { 1 }
        : type == typeof(Expr[]) ? new[] { Variable("x", s_one) }
        : type.IsArray ? Array.CreateInstance(type.GetElementType()!, 0)
        : type == typeof(ParseOptions) ? new ParseOptions()
        : type == typeof(Stream) ? new MemoryStream("1"u8.ToArray())
        : typeof(LambdaExpression).IsAssignableFrom(type) ? Lambda(type)
        : type == typeof(Func<Expr, Expr>) ? (Func<Expr, Expr>)(x => x)
        : type == typeof(Func<Expr, Expr, Expr>) ? (Func<Expr, Expr, Expr>)((x, y) => x)
        : type == typeof(Func<Expr, Expr, (Expr, Expr)>) ? (Func<Expr, Expr, (Expr, Expr)>)((x, y) => (x, y))
        : type == typeof(DifferentialOperator) ? Partial(0)
        : type == typeof(Func<Expr, DifferentialOperator>) ? (Func<Expr, DifferentialOperator>)(x => Partial(0))
        : type == typeof(Func<Expr>) ? (Func<Expr>)(() => s_one)
        : throw new InvalidOperationException($"No example of {type} is known here; add one.");
}
