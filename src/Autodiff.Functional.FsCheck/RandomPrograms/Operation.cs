// An operation of programs, stated once, as a C# lambda: the compiler gives its code and its text, so a program and its printed source are the same.

using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Autodiff.Functional.Generation;

/// <summary>The groups of operations that options give weights to. The last is of operations that are only inserted where a shape has to fit.</summary>
internal enum Group
{
    Elementwise,
    Reductions,
    Shapes,
    Products,
    LinearAlgebra,
    Loops,
    Branches,
    Batches,
    Searches,
    CustomRules,
    Derivatives,
    Fitting,
}

/// <summary>An operation: a lambda over operands, numbers, shapes and functions, in any order; an array takes all numbers that are left.</summary>
internal sealed partial class Operation
{
    private readonly Delegate _formula;
    private readonly string _text;

    public Operation(string name, Group group, bool isSmooth, Delegate formula, string source)
    {
        (Name, Group, IsSmooth, _formula) = (name, group, isSmooth, formula);
        Parameters = formula.Method.GetParameters();
        OperandCount = Parameters.Count(parameter => parameter.ParameterType == typeof(Expr));
        HasBodies = Parameters.Any(parameter => typeof(Delegate).IsAssignableFrom(parameter.ParameterType));
        _text = Whitespace().Replace(source[(source.IndexOf("=>", StringComparison.Ordinal) + 2)..], " ").Trim();
    }

    public string Name { get; }

    public Group Group { get; }

    /// <summary>Whether it is smooth for all numbers.</summary>
    public bool IsSmooth { get; }

    public ParameterInfo[] Parameters { get; }

    public int OperandCount { get; }

    public bool HasBodies { get; }

    /// <summary>The result of the lambda.</summary>
    public Expr Apply(IReadOnlyList<Expr> operands, IReadOnlyList<double> numbers, IReadOnlyList<Func<IReadOnlyList<Expr>, Expr>> bodies)
    {
        var (operand, number, body) = (0, 0, 0);
        object[] arguments = [.. Parameters.Select<ParameterInfo, object>(parameter =>
        {
            var type = parameter.ParameterType;
            return type == typeof(Expr) ? operands[operand++]
                : type == typeof(int) ? (int)numbers[number++]
                : type == typeof(double) ? numbers[number++]
                : type == typeof(int[]) ? Integers(numbers, number)
                : type == typeof(Shape) ? ShapeAt(numbers, ref number)
                : type == typeof(double[]) ? numbers.Skip(number).ToArray()
                : Function(type, bodies[body++]);
        })];
        return (Expr)_formula.Method.Invoke(_formula.Target, BindingFlags.DoNotWrapExceptions, null, arguments, CultureInfo.InvariantCulture)!;
    }

    /// <summary>The text of the lambda, with operands and functions by their names and numbers as literals.</summary>
    public string Text(IReadOnlyList<string> operands, IReadOnlyList<double> numbers, IReadOnlyList<string> bodies)
    {
        var (operand, number, body) = (0, 0, 0);
        var texts = Parameters.ToDictionary(parameter => parameter.Name!, parameter =>
        {
            var type = parameter.ParameterType;
            return type == typeof(Expr) ? operands[operand++]
                : type == typeof(int) || type == typeof(double) ? Literal(numbers[number++])
                : type == typeof(int[]) ? $"new int[] {{ {string.Join(", ", Integers(numbers, number))} }}"
                : type == typeof(Shape) ? ShapeText(ShapeAt(numbers, ref number))
                : type == typeof(double[]) ? ArrayText(numbers.Skip(number))
                : bodies[body++];
        });
        return Names().Replace(_text, name => texts.TryGetValue(name.Value, out var text) ? text : name.Value);
    }

    public static string Literal(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    public static string ShapeText(Shape shape) => shape.Rank == 0 ? "Shape.Scalar" : $"new Shape({string.Join(", ", shape.Lengths.ToArray())})";

    public static string ArrayText(IEnumerable<double> numbers) => $"new double[] {{ {string.Join(", ", numbers.Select(Literal))} }}";

    /// <summary>How many arguments the function that a parameter stands for has, apart from captured values.</summary>
    public static int ArityOf(Type function) => function.GetGenericArguments().Length - 1;

    private static Delegate Function(Type type, Func<IReadOnlyList<Expr>, Expr> run) => ArityOf(type) switch
    {
        0 => (Func<Expr>)(() => run([])),
        1 => (Func<Expr, Expr>)(x => run([x])),
        _ => (Func<Expr, Expr, Expr>)((x, y) => run([x, y])),
    };

    /// <summary>A shape among numbers: its rank and its lengths.</summary>
    private static Shape ShapeAt(IReadOnlyList<double> numbers, ref int number)
    {
        var rank = (int)numbers[number++];
        var shape = new Shape([.. numbers.Skip(number).Take(rank).Select(length => (int)length)]);
        number += rank;
        return shape;
    }

    private static int[] Integers(IReadOnlyList<double> numbers, int first) => [.. numbers.Skip(first).Select(number => (int)number)];

    // Names that are neither members of something (p.Item1, but those in x[..n] count) nor inside a string.
    [GeneratedRegex("""(?<![\w"]|(?<!\.)\.)[a-zA-Z]\w*\b(?!")""")]
    private static partial Regex Names();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
