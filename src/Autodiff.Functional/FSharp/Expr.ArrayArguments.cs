// The members that take a span of arguments, with an array in its place: F# calls these with any number of arguments, or an array. To C#, which passes a span without
// an array on the heap, they have a lower priority.

using System.Linq.Expressions;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <inheritdoc cref="this[ReadOnlySpan{Slice}]"/>
    [OverloadResolutionPriority(-1)]
    public Expr this[params Slice[] slices] => this[AutodiffException.NotNull("Slice", "the array of slices", slices).AsSpan()];

    /// <inheritdoc cref="Constant(ReadOnlySpan{double}, Shape)"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Constant(double[] values, Shape shape) => Constant(AutodiffException.NotNull("Constant", "the array of values", values).AsSpan(), shape);

    /// <inheritdoc cref="Zeros(ReadOnlySpan{int})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Zeros(params int[] lengths) => Zeros(AutodiffException.NotNull("Zeros", "the array of lengths", lengths).AsSpan());

    /// <inheritdoc cref="Ones(ReadOnlySpan{int})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Ones(params int[] lengths) => Ones(AutodiffException.NotNull("Ones", "the array of lengths", lengths).AsSpan());

    /// <inheritdoc cref="Reshape(Expr, ReadOnlySpan{int})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Reshape(Expr x, params int[] lengths) => Reshape(x, AutodiffException.NotNull("Reshape", "the array of lengths", lengths).AsSpan());

    /// <inheritdoc cref="BroadcastTo(Expr, ReadOnlySpan{int})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr BroadcastTo(Expr x, params int[] lengths) => BroadcastTo(x, AutodiffException.NotNull("BroadcastTo", "the array of lengths", lengths).AsSpan());

    /// <inheritdoc cref="Permute(Expr, ReadOnlySpan{int})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Permute(Expr x, params int[] order) => Permute(x, AutodiffException.NotNull("Permute", "the array of order", order).AsSpan());

    /// <inheritdoc cref="Tile(Expr, ReadOnlySpan{int})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Tile(Expr x, params int[] repeats) => Tile(x, AutodiffException.NotNull("Tile", "the array of repeats", repeats).AsSpan());

    /// <inheritdoc cref="Pad(Expr, ReadOnlySpan{ValueTuple{int, int}})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Pad(Expr x, params (int Before, int After)[] widths) => Pad(x, AutodiffException.NotNull("Pad", "the array of widths", widths).AsSpan());

    /// <inheritdoc cref="Take(Expr, ReadOnlySpan{int}, int)"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Take(Expr x, int[] positions, int axis = 0) => Take(x, AutodiffException.NotNull("Take", "the array of positions", positions).AsSpan(), axis);

    /// <inheritdoc cref="Split(Expr, ReadOnlySpan{int}, int)"/>
    [OverloadResolutionPriority(-1)]
    public static Expr[] Split(Expr x, int[] positions, int axis = 0) => Split(x, AutodiffException.NotNull("Split", "the array of positions", positions).AsSpan(), axis);

    /// <inheritdoc cref="Concat(ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Concat(params Expr[] tensors) => Concat(AutodiffException.NotNull("Concat", "the array of tensors", tensors).AsSpan());

    /// <inheritdoc cref="Concat(ReadOnlySpan{Expr}, int)"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Concat(Expr[] tensors, int axis = 0) => Concat(AutodiffException.NotNull("Concat", "the array of tensors", tensors).AsSpan(), axis);

    /// <inheritdoc cref="Stack(ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Stack(params Expr[] tensors) => Stack(AutodiffException.NotNull("Stack", "the array of tensors", tensors).AsSpan());

    /// <inheritdoc cref="Stack(ReadOnlySpan{Expr}, int)"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Stack(Expr[] tensors, int axis = 0) => Stack(AutodiffException.NotNull("Stack", "the array of tensors", tensors).AsSpan(), axis);

    /// <inheritdoc cref="Einsum(string, ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Einsum(string text, params Expr[] operands) => Einsum(text, AutodiffException.NotNull("Einsum", "the array of operands", operands).AsSpan());

    /// <inheritdoc cref="Max(Expr, Expr, ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Max(Expr a, Expr b, params Expr[] more) => Max(a, b, AutodiffException.NotNull("Max", "the array of more", more).AsSpan());

    /// <inheritdoc cref="Min(Expr, Expr, ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Min(Expr a, Expr b, params Expr[] more) => Min(a, b, AutodiffException.NotNull("Min", "the array of more", more).AsSpan());

    /// <inheritdoc cref="Sum(Expr, ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Sum(Expr first, params Expr[] others) => Sum(first, AutodiffException.NotNull("Sum", "the array of others", others).AsSpan());

    /// <inheritdoc cref="MeshGrid(ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr[] MeshGrid(params Expr[] vectors) => MeshGrid(AutodiffException.NotNull("MeshGrid", "the array of vectors", vectors).AsSpan());

    /// <inheritdoc cref="MeshGrid(ReadOnlySpan{Expr}, string)"/>
    [OverloadResolutionPriority(-1)]
    public static Expr[] MeshGrid(Expr[] vectors, string indexing) => MeshGrid(AutodiffException.NotNull("MeshGrid", "the array of vectors", vectors).AsSpan(), indexing);

    /// <inheritdoc cref="Parse(string, ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Parse(string text, params Expr[] variables) => Parse(text, AutodiffException.NotNull("Parse", "the array of variables", variables).AsSpan());

    /// <inheritdoc cref="Parse(string, ReadOnlySpan{ValueTuple{string, Expr}})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Parse(string text, params (string Name, Expr Value)[] variables) => Parse(text, AutodiffException.NotNull("Parse", "the array of variables", variables).AsSpan());

    /// <inheritdoc cref="Parse(string, ParseOptions, ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Parse(string text, ParseOptions options, params Expr[] variables) => Parse(text, options, AutodiffException.NotNull("Parse", "the array of variables", variables).AsSpan());

    /// <inheritdoc cref="Parse(string, ParseOptions, ReadOnlySpan{ValueTuple{string, Expr}})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr Parse(string text, ParseOptions options, params (string Name, Expr Value)[] variables) => Parse(text, options, AutodiffException.NotNull("Parse", "the array of variables", variables).AsSpan());

    /// <inheritdoc cref="FromJson(string, ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr FromJson(string json, params Expr[] variables) => FromJson(json, AutodiffException.NotNull("FromJson", "the array of variables", variables).AsSpan());

    /// <inheritdoc cref="FromJson(Stream, ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr FromJson(Stream utf8, params Expr[] variables) => FromJson(utf8, AutodiffException.NotNull("FromJson", "the array of variables", variables).AsSpan());

    /// <inheritdoc cref="FromLambda(LambdaExpression, ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr FromLambda(LambdaExpression lambda, params Expr[] arguments) => FromLambda(lambda, AutodiffException.NotNull("FromLambda", "the array of arguments", arguments).AsSpan());

    /// <inheritdoc cref="FromLambda(Expression{Func{double, double}}, ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr FromLambda(Expression<Func<double, double>> lambda, params Expr[] arguments) => FromLambda(lambda, AutodiffException.NotNull("FromLambda", "the array of arguments", arguments).AsSpan());

    /// <inheritdoc cref="FromLambda(Expression{Func{double, double, double}}, ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr FromLambda(Expression<Func<double, double, double>> lambda, params Expr[] arguments) => FromLambda(lambda, AutodiffException.NotNull("FromLambda", "the array of arguments", arguments).AsSpan());

    /// <inheritdoc cref="FromLambda(Expression{Func{double, double, double, double}}, ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr FromLambda(Expression<Func<double, double, double, double>> lambda, params Expr[] arguments) => FromLambda(lambda, AutodiffException.NotNull("FromLambda", "the array of arguments", arguments).AsSpan());

    /// <inheritdoc cref="FromLambda(Expression{Func{double, double, double, double, double}}, ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public static Expr FromLambda(Expression<Func<double, double, double, double, double>> lambda, params Expr[] arguments) => FromLambda(lambda, AutodiffException.NotNull("FromLambda", "the array of arguments", arguments).AsSpan());

    /// <inheritdoc cref="Evaluate{T}(ReadOnlySpan{ValueTuple{Expr, T}})"/>
    [OverloadResolutionPriority(-1)]
    public T Evaluate<T>(params (Expr Variable, T Value)[] at)
        where T : INumberBase<T> => Evaluate(AutodiffException.NotNull("Evaluate", "the array of at", at).AsSpan());

    /// <inheritdoc cref="EvaluateElements{T}(ReadOnlySpan{ValueTuple{Expr, T[]}})"/>
    [OverloadResolutionPriority(-1)]
    public T[] EvaluateElements<T>(params (Expr Variable, T[] Elements)[] at)
        where T : INumberBase<T> => EvaluateElements(AutodiffException.NotNull("EvaluateElements", "the array of at", at).AsSpan());

    /// <inheritdoc cref="Substitute(ReadOnlySpan{ValueTuple{Expr, Expr}})"/>
    [OverloadResolutionPriority(-1)]
    public Expr Substitute(params (Expr Variable, Expr Value)[] replacements) => Substitute(AutodiffException.NotNull("Substitute", "the array of replacements", replacements).AsSpan());

    /// <inheritdoc cref="WithOperands(ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public Expr WithOperands(params Expr[] operands) => WithOperands(AutodiffException.NotNull("WithOperands", "the array of operands", operands).AsSpan());

    /// <inheritdoc cref="ToCSharp(string, string, ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public string ToCSharp(string @namespace, string type, params Expr[] variables) => ToCSharp(@namespace, type, AutodiffException.NotNull("ToCSharp", "the array of variables", variables).AsSpan());

    /// <inheritdoc cref="ToLambda{TDelegate}(ReadOnlySpan{Expr})"/>
    [OverloadResolutionPriority(-1)]
    public Expression<TDelegate> ToLambda<TDelegate>(params Expr[] variables)
        where TDelegate : Delegate => ToLambda<TDelegate>(AutodiffException.NotNull("ToLambda", "the array of variables", variables).AsSpan());
}
