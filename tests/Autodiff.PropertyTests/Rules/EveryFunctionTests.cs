// The laws of derivatives, batching and compilation for every public function of tensors. The functions are found by reflection, so a new one
// is tested without being named here.

using System.Reflection;
using Autodiff.Functional.Primitives;
using Autodiff.PropertyTests.Generators;
using Autodiff.PropertyTests.HigherOrders;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Rules;

public class EveryFunctionTests
{
    private const int Points = 5;

    /// <summary>Functions whose operands must be whole numbers, sorted, or from 0 to 1; <see cref="FunctionGroups"/> tests them.</summary>
    private static readonly string[] s_ofPositions = ["Take", "TakeAlong", "Update", "SearchSorted", "Quantile", "Interp"];

    /// <summary>The public functions of <see cref="Expr"/>, except elementwise ones, that take expressions and optional arguments only.</summary>
    public static TheoryData<string> Functions => [.. s_functions.Keys.Order()];

    private static readonly Dictionary<string, MethodInfo> s_functions = typeof(Expr)
        .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsSpecialName && method.ReturnType == typeof(Expr) && IsOfTensors(method.GetParameters()))
        .Where(method => !IsElementwise(method) && !s_ofPositions.Contains(method.Name))
        .GroupBy(method => method.Name)
        .SelectMany(overloads => overloads.OrderBy(method => method.GetParameters().Length).Select((method, i) => (Name: i == 0 ? overloads.Key : $"{overloads.Key}/{i + 1}", Method: method)))
        .ToDictionary(function => function.Name, function => function.Method);

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_is_the_same_built_symbolically(string function) => ForAll(function, x => x.IsTheSameBuiltSymbolically());

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_has_one_Jacobian_in_every_mode(string function) => ForAll(function, x => x.HasOneJacobianInEveryMode());

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_has_one_Hessian_in_every_nesting(string function) => ForAll(function, x => x.HasOneHessianInEveryNesting());

    [Theory]
    [MemberData(nameof(Functions))]
    public void The_series_of_a_function_has_nested_derivatives_as_coefficients(string function) => ForAll(function, x => SeriesTests.AreNestedDerivatives(
        t => x.Apply([.. x.Operands.Select((operand, i) => operand + (t * Tensors.Direction(operand.Shape, i)))]), 0, 1, order: 3));

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_batch_of_a_function_is_the_loop_over_samples(string function) => ForEachOperand(function, (f, x) =>
    {
        Expr[] samples = [x, 1.25 * x, x];
        foreach (var each in new[] { f, Grad(Bent(f)), JacobianForward(f), JacobianReverse(f) })
        {
            Agreement.Near(Stack([.. samples.Select(each)]), Vmap(each)(Stack(samples)));
            Agreement.Near(Stack([.. samples.Select(Grad(Bent(each)))]), Grad(Bent(Vmap(each)))(Stack(samples)));
        }
    });

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_compiled_function_is_the_function(string function) => ForEachOperand(function, (f, x) =>
    {
        Agreement.Near(f(x), Compile(f)(x));
        Agreement.Near(Grad(Bent(f))(x), Compile(Grad(Bent(f)))(x));
        Agreement.Near(Stack([f(x), f(x)]), Compile(Vmap(f))(Stack([x, x])));
    });

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_prints(string function) => ForAll(function, x =>
    {
        var formula = x.Apply([.. x.Operands.Select((operand, i) => Variable($"operand{(char)('A' + i)}", operand.Shape))]);
        Assert.All([$"{formula}", formula.ToFormula(), formula.ToLatex(), formula.ToMermaid(), formula.ToDot()], text => Assert.Contains("operandA", text, StringComparison.Ordinal));
    });

    [Theory]
    [MemberData(nameof(Functions))]
    public void Functions_with_different_attributes_print_differently(string function)
    {
        Expr[] shapes = [Variable("operandA", new Shape(3)), Variable("operandB", new Shape(3, 3)), Variable("operandC", new Shape(3, 3, 3))];
        var method = s_functions[function];
        foreach (var operands in Combinations(shapes, method.GetParameters().Count(parameter => parameter.ParameterType == typeof(Expr))))
        {
            var formulas = Uses(method, operands).Select(use => use.Apply(operands)).ToArray();
            foreach (var (one, other) in formulas.SelectMany(one => formulas.Where(other => !Equals(one.Primitive, other.Primitive)).Select(other => (one, other))))
            {
                Assert.NotEqual($"{one}", $"{other}");
                Assert.NotEqual(one.ToLatex(), other.ToLatex());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_position_depends_only_on_the_same_position_of_axes_that_correspond(string function) => ForAll(function, x =>
    {
        Expr[] variables = [.. x.Operands.Select((operand, i) => Variable($"operand{i}", operand.Shape))];
        Expr ValueOf(Expr formula) => formula.Substitute([.. variables.Zip(x.Operands)]);
        if (x.Apply(variables) is not { Primitive: TensorPrimitive primitive } node)
        {
            return;
        }

        Expr[] operands = [.. Enumerable.Range(0, node.OperandCount).Select(i => ValueOf(node.Operand(i)))];
        foreach (var (operand, axis, there) in operands.SelectMany((_, i) => AxisMap.Of(node, i).Select((to, from) => (i, from, to))).Where(pair => pair.to != AxisMap.None && !(primitive is GatherPrimitive && pair.i == 1)))
        {
            foreach (var position in (int[])[0, node.Shape[there] - 1])
            {
                var isHere = Reshape(Constant([.. Enumerable.Range(0, node.Shape[there]).Select(i => i == position ? 1.0 : 0)], new Shape(node.Shape[there])), OnlyAlong(axis, operands[operand]));
                var changed = Where(isHere, operands[operand], (1.25 * operands[operand]) + 0.5);
                Agreement.Near(
                    Take(ValueOf(node), [position], there),
                    Take(Make(primitive, node.Shape, (Expr[])[.. operands[..operand], changed, .. operands[(operand + 1)..]]), [position], there));
            }
        }
    });

    private static Shape OnlyAlong(int axis, Expr x) => Shape.Of([.. Enumerable.Range(0, x.Rank).Select(each => each == axis ? x.Shape[axis] : 1)]);

    private static void ForEachOperand(string function, Action<Func<Expr, Expr>, Expr> law) => ForAll(function, x =>
    {
        for (var i = 0; i < x.Operands.Length; i++)
        {
            var position = i;
            law(v => x.Apply([.. x.Operands[..position], v, .. x.Operands[(position + 1)..]]), x.Operands[i]);
        }
    });

    /// <summary>A scalar function of f that is not linear even if f is.</summary>
    private static Func<Expr, Expr> Bent(Func<Expr, Expr> f) => v => f(v) is var y ? Sum(Sin(y) * y) : v;

    private static void ForAll(string function, Action<StructuralCase> law) => StructuralCase.ForAll(Cases(function), Points, law);

    /// <summary>Calls of a function on all combinations of operands that it accepts, along each axis if it has an axis parameter.</summary>
    private static Gen<StructuralCase> Cases(string function)
    {
        var method = s_functions[function];
        var count = method.GetParameters().Count(parameter => parameter.ParameterType == typeof(Expr));
        return
            from vector in Tensors.Of(new Shape(3))
            from matrix in Tensors.Of(new Shape(2, 3))
            from entries in Tensors.Of(new Shape(3, 2, 2))
            let cube = (0.2 * entries) + Eye(2) // matrices far from singular ones, near which differences of values say little about slopes
            from positive in Matrices.Positive(Shape.Scalar, 3)
            let general = UsesOf(method, Combinations([vector, matrix, cube], count))
            let others = general.Length > 0 ? general : UsesOf(method, Combinations([vector, matrix, positive], count))
            let uses = others.Length > 0 ? others : UsesOf(method, Combinations([cube, Permute(cube, 1, 0, 2)], count))
            from use in Gen.Elements(uses.Length > 0 ? uses : throw new InvalidOperationException($"{function} takes none of the operands of {nameof(EveryFunctionTests)}.{nameof(Cases)}: add some that it takes."))
            select use;
    }

    private static StructuralCase[] UsesOf(MethodInfo method, IEnumerable<Expr[]> operands) => [.. operands.SelectMany(each => Uses(method, each))];

    private static IEnumerable<StructuralCase> Uses(MethodInfo method, Expr[] operands)
    {
        var takesAxis = method.GetParameters().Any(parameter => parameter.ParameterType == typeof(int));
        for (var axis = takesAxis ? -1 : 0; axis < (takesAxis ? operands[0].Rank : 1); axis++)
        {
            var chosen = axis;
            Expr Apply(Expr[] values)
            {
                var next = 0;
                return (Expr)method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [.. method.GetParameters().Select(parameter =>
                    parameter.Name == "weights" ? Exp(values[next++]) // a sum with negative weights has no logarithm
                    : parameter.ParameterType == typeof(Expr) ? values[next++]
                    : parameter.ParameterType == typeof(int) ? chosen
                    : parameter.DefaultValue ?? Activator.CreateInstance(parameter.ParameterType))], null)!;
            }

            if (Takes(Apply, operands))
            {
                yield return new($"{method.Name}{(takesAxis ? $" along axis {axis}" : "")}", operands, Apply, _ => throw new NotSupportedException());
            }
        }
    }

    private static bool Takes(Func<Expr[], Expr> f, Expr[] operands)
    {
        try
        {
            f(operands);
            return true;
        }
        catch (AutodiffException)
        {
            return false;
        }
    }

    private static IEnumerable<Expr[]> Combinations(Expr[] operands, int count) => count == 0
        ? [[]]
        : Combinations(operands, count - 1).SelectMany(first => operands.Select(last => (Expr[])[.. first, last]));

    private static bool IsOfTensors(ParameterInfo[] parameters) =>
        parameters is [{ IsOptional: false, ParameterType: var first }, ..] && first == typeof(Expr)
        && parameters.All(parameter => parameter.IsOptional || parameter.ParameterType == typeof(Expr));

    private static bool IsElementwise(MethodInfo method)
    {
        var parameters = method.GetParameters();
        return parameters.All(parameter => parameter.ParameterType == typeof(Expr))
            && parameters.Select((_, i) => Variable($"x{i}", new Shape(2, 2))).ToArray() is var operands
            && Takes(values => (Expr)method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [.. values], null)!, operands)
            && (Expr)method.Invoke(null, [.. operands])! is var node && (node.Op.IsElementwise() || node.Primitive is FamilyPrimitive);
    }
}
