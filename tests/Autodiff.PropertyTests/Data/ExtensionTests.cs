// Functions as members of their first argument, and functions of sequences, beside those of LINQ.

using System.Reflection;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;

namespace Autodiff.PropertyTests.Data;

public class ExtensionTests
{
    private static readonly Expr s_matrix = new double[,] { { 0.1, 0.2, 0.3 } };

    private static readonly MethodInfo[] s_extensions = typeof(ExprExtensions).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);

    public static TheoryData<MethodInfo> Functions => [.. typeof(Expr).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(IsElementwiseOrReduction)];

    [Theory, MemberData(nameof(Functions))]
    public void Every_elementwise_function_of_one_argument_and_every_reduction_is_a_member(MethodInfo function)
    {
        var parameters = function.GetParameters();
        var member = s_extensions.SingleOrDefault(member => member.Name == function.Name && member.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(parameters.Select(parameter => parameter.ParameterType)));
        Assert.True(member is not null, $"ExprExtensions lacks {function}");
        Assert.Equal(parameters.Skip(1).Select(parameter => (parameter.Name, parameter.DefaultValue)), member!.GetParameters().Skip(1).Select(parameter => (parameter.Name, parameter.DefaultValue)));
        object?[] arguments = [s_matrix, .. parameters.Skip(1).Select(parameter => parameter.ParameterType == typeof(Expr) ? (Expr)0.5 : parameter.ParameterType == typeof(Axes) ? (Axes)0 : parameter.DefaultValue)];
        Assert.Equal(((Expr)function.Invoke(null, arguments)!).ToString(), ((Expr)member.Invoke(null, arguments)!).ToString());
    }

    [Fact]
    public void There_are_many_such_functions() => Assert.True(Functions.Count > 60, $"{Functions.Count}");

    [Fact]
    public void Members_are_chained()
    {
        Expr x = [[1, 2, 3], [4, 5, 6]];
        Assert.Equal([5, 7, 9], x.Sum(axis: 0).ToArray());
        Assert.Equal([6, 15], x.Sum(1).ToArray());
        Assert.Equal(21, x.Sum([0, 1]).Value);
        Assert.Equal(3.5, x.Mean().Value);
        Assert.Equal(Math.Sqrt(91), x.Norm().Value);
        Assert.Equal(new Shape(3, 2), x.Reshape(3, 2).Shape);
        Assert.Equal(new Shape(6), x.Reshape(-1).Shape);
        Assert.Equal(new Shape(3, 2), x.Transpose().Shape);
        Assert.Equal(Math.Exp(Math.Sin(1)), x.Sin().Exp()[0, 0].Value);
        Assert.Equal([1, 4, 9], x[0].Pow(2).ToArray());
        Assert.Equal([2, 2, 3], x[0].Clamp(min: 2).ToArray());
        Assert.Equal([2, 5], x.Take([1], axis: 1).Reshape(-1).ToArray());
        Assert.Equal(14, x[0].Dot(x[0]).Value);
        Assert.Equal([14, 32], x.MatMul(x[0]).ToArray());
        Assert.Equal(2, x.Split(2).Length);
        Assert.Equal([2, 4, 6], Grad(v => v.Square().Sum())(x[0]).ToArray());
        Assert.Equal(Expr.Sum(x, keepDims: true).ToString(), x.Sum(keepDims: true).ToString());
    }

    [Property]
    public void Functions_of_sequences_fold_the_items(double[] numbers)
    {
        var items = numbers.Select(number => (Expr)number).ToList();
        IEnumerable<Expr> lazy = items.Select(item => item);
        Assert.Equal(numbers.Aggregate(0.0, (sum, number) => sum + number), lazy.Sum().Value);
        Assert.Equal(numbers.Aggregate(1.0, (product, number) => product * number), items.Prod().Value);
        if (numbers.Length > 0)
        {
            Assert.Equal(numbers.Max(Math.Abs) is double.NaN ? double.NaN : numbers.Aggregate(Math.Max), items.Max().Value);
            Assert.Equal(numbers.Aggregate(Math.Min), lazy.Min().Value);
            Assert.Equal(items.Sum().Value / numbers.Length, items.ToArray().Mean().Value);
            Assert.Equal(numbers, items.Stack().ToArray());
        }
    }

    [Fact]
    public void Items_broadcast_are_joined_and_differentiated()
    {
        Expr[] items = [[1, 2], [3, 0], 2];
        Assert.Equal([6, 4], items.Sum().ToArray());
        Assert.Equal([6, 0], items.Prod().ToArray());
        Assert.Equal([3, 2], items.Max().ToArray());
        Assert.Equal([1, 0], items.Min().ToArray());
        Assert.Equal([2, 4.0 / 3], items.Mean().ToArray());
        Assert.Equal("[[1, 3], [2, 0]]", items[..2].Stack(axis: 1).ToString());
        Assert.Equal([1, 2, 3, 0], items.Take(2).Concat(0).ToArray());
        Assert.Equal([12, 4], Grad(x => new List<Expr> { x[0], x[0], x[1] }.Prod())([2, 3]).ToArray());
        Assert.Equal((0, 1), (Array.Empty<Expr>().Sum().Value, new List<Expr>().Prod().Value));
        Assert.Equal("Max: the sequence has no items.", Assert.Throws<ShapeException>(() => new List<Expr>().Max()).Message);
        Assert.Throws<ShapeException>(() => new List<Expr>().Min());
        Assert.Throws<ShapeException>(() => new List<Expr>().Mean());
        Assert.Throws<ShapeException>(() => new List<Expr>().Stack());
        Assert.Throws<ShapeException>(() => new List<Expr>().Concat(0));
    }

    /// <summary>Functions of one tensor that keep scalars and vectors as they are in shape, and functions with axes to fold.</summary>
    private static bool IsElementwiseOrReduction(MethodInfo function)
    {
        var parameters = function.GetParameters();
        if (function.IsSpecialName || function.ReturnType != typeof(Expr) || parameters.Length == 0 || parameters[0].ParameterType != typeof(Expr))
        {
            return false;
        }

        return parameters.Any(parameter => parameter.ParameterType == typeof(Axes)) || (parameters.Length == 1 && KeepsShape(function, Shape.Scalar) && KeepsShape(function, new(3)));
    }

    private static bool KeepsShape(MethodInfo function, Shape shape)
    {
        try
        {
            return ((Expr)function.Invoke(null, [Expr.Variable("x", shape)])!).Shape == shape;
        }
        catch (TargetInvocationException)
        {
            return false;
        }
    }
}
