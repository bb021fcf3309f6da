// What is drawn for the parameters of an operation, by their names: operands of the shapes that it needs, numbers, and bodies.

using System.Reflection;

namespace Autodiff.Functional.Generation;

internal sealed class Draft
{
    // The height of alternating patterns. Elements of values are so much smaller that comparisons with a pattern, or after adding one, are no ties.
    private const double Decisive = 4;
    private const int MostItems = 4;
    private const int LargestSide = 3;
    private const int MostTimes = 3;
    private const int MostCaptured = 2;

    private readonly Composer _composer;
    private readonly int[] _captured;
    private readonly List<int> _operands = [];
    private readonly List<double> _numbers = [];
    private readonly List<ProgramBody> _bodies = [];
    private Shape? _bodyShape;

    public Draft(Composer composer, Operation operation)
    {
        _composer = composer;
        var isClosed = operation.Parameters.Any(parameter => parameter.Name == "closed");
        _captured = operation.HasBodies && !isClosed ? [.. Enumerable.Range(0, Dice.Below(MostCaptured + 1)).Select(_ => composer.Any()).Distinct()] : [];
        if (_captured.Length == 0 && operation.Parameters.Any(parameter => parameter.Name == "then"))
        {
            _captured = [composer.Any()];
        }

        foreach (var parameter in operation.Parameters)
        {
            Draw(parameter);
        }
    }

    public IReadOnlyList<int> Operands => [.. _operands, .. _captured];

    public IReadOnlyList<double> Numbers => _numbers;

    public IReadOnlyList<ProgramBody> Bodies => _bodies;

    private Dice Dice => _composer.Dice;

    private Shape First => _composer.ShapeOf(_operands[0]);

    private Shape Last => _composer.ShapeOf(_operands[^1]);

    private int Axis => (int)_numbers[0];

    /// <summary>A number that is a length of the first operand, and changes with its shape; null for the name of any other number.</summary>
    /// <param name="name">The name of the parameter.</param>
    /// <param name="first">The shape of the first operand.</param>
    /// <param name="axis">The first number, an axis.</param>
    public static double? Length(string name, Shape first, int axis) => name switch
    {
        "length" => first[axis],
        "count" => first[0],
        "columns" => first[1],
        _ => null,
    };

    private void Draw(ParameterInfo parameter)
    {
        if (parameter.ParameterType == typeof(Expr))
        {
            _operands.Add(Operand(parameter.Name!));
        }
        else if (typeof(Delegate).IsAssignableFrom(parameter.ParameterType))
        {
            _bodies.Add(Body(parameter.Name!));
        }
        else
        {
            _numbers.AddRange(Number(parameter.Name!));
        }
    }

    private int Operand(string name) => name switch
    {
        "a" or "state" => _composer.Any(),
        "scalar" => _composer.Fitting(shape => shape.Rank == 0, () => Shape.Scalar),
        "b" => _composer.Fitting(shape => BroadcastsTo(shape, First), () => Shape.Scalar),
        "like" => _composer.Fitting(shape => shape == First, () => First),
        "rows" => _composer.Fitting(shape => shape.Rank > 0, () => new Shape(2)),
        "items" => _composer.Fitting(shape => shape.Rank > 0 && shape[0] <= MostItems, () => new Shape(1 + Dice.Below(MostItems))),
        "vector" or "vector2" => _composer.Fitting(shape => shape.Rank == 1 && shape[0] <= MostItems, () => new Shape(1 + Dice.Below(LargestSide))),
        "matrix" => _composer.Fitting(shape => shape.Rank == 2, () => new Shape(1 + Dice.Below(LargestSide), 1 + Dice.Below(LargestSide))),
        "square" => _composer.Fitting(shape => shape.Rank == 2 && shape[0] == shape[1] && shape[0] <= LargestSide, () => 1 + Dice.Below(LargestSide) is var side ? new Shape(side, side) : default),
        "below" => _composer.Fitting(shape => shape.Rank == 2 && shape[0] == First[1], () => new Shape(First[1], 1 + Dice.Below(LargestSide))),
        "beside" => _composer.Fitting(shape => shape.Rank == 2 && shape[1] == First[1], () => new Shape(1 + Dice.Below(LargestSide), First[1])),
        "weights" => _composer.Fitting(shape => shape.Rank == 1 && shape[0] == First[1], () => new Shape(First[1])),
        "right" => _composer.Fitting(shape => shape.Rank is 1 or 2 && shape[0] == First[0], () => new Shape(First[0])),
        "pattern" => _composer.Constant(Last, Enumerable.Range(0, Last.Size).Select(i => i % 2 == 0 ? Decisive : -Decisive)),
        "peak" => _composer.Constant(Last, Enumerable.Range(0, Last.Size).Select(i => PositionAlong(i, Last, Axis) == Last[Axis] / 2 ? 2 * Decisive : 0)),
        "ladder" => _composer.Constant(Last, Order(Last.Size).Select(step => 2 * Decisive * step)),
        _ => throw new NotSupportedException($"No operand is called {name}."),
    };

    private IEnumerable<double> Number(string name) => name switch
    {
        "axis" => [Dice.Below(First.Rank)],
        "newAxis" => [Dice.Below(First.Rank + 1)],
        "position" => [Dice.Below(First[0])],
        "times" => [1 + Dice.Below(MostTimes)],
        "limit" => [0.5 + Dice.Below(MostTimes)],

        // The count of steps is compared with the sum of a value and this number, which has a fractional part of 1/2.
        "limitAbove" => [Math.Round(0.5 + Dice.Below(MostTimes) - _composer.Sample(_operands[^1]).Value, 6)],
        "bound" => [Math.Round(Expr.Mean(_composer.Sample(_operands[0])).Value + (Dice.Between(0.3, 1) * (Dice.IsOneOf(2) ? 1 : -1)), 6)],
        "positions" => Enumerable.Range(0, 1 + Dice.Below(LargestSide)).Select(_ => (double)Dice.Below(First[Axis])),
        "order" => Order(First.Rank).Select(axis => (double)axis),
        "wider" => Composer.Numbers(new Shape([1 + Dice.Below(2), .. First])),
        "regrouped" => Composer.Numbers(Regrouped(First.Size)),
        _ => [Length(name, First, _numbers.Count > 0 ? Axis : 0) ?? throw new NotSupportedException($"No number is called {name}.")],
    };

    private ProgramBody Body(string name)
    {
        Expr First() => _composer.Sample(_operands[0]);
        var body = name switch
        {
            "step" => Composed([First(), _composer.Sample(_operands[1])[0]], this.First),
            "output" => Composed([First(), _composer.Sample(_operands[1])[0]], null),
            "next" or "same" => Composed([First()], this.First),
            "f" or "closed" => Composed([First()], null),
            "sample" => Composed([First()[0]], null),
            "lastSample" => Composed([Expr.Take(First(), [0], -1) is var taken ? Expr.Reshape(taken, new Shape(taken.Shape.Lengths[..^1])) : taken], null),
            "pair" => Composed([First()[0], _composer.Sample(_operands[1])[0]], null),
            "then" => Composed([], null),
            "otherwise" => Composed([], _bodyShape),
            _ => throw new NotSupportedException($"No function is called {name}."),
        };
        _bodyShape = body.ShapeOf(body.Result);
        return body;
    }

    private ProgramBody Composed(Expr[] samples, Shape? shape) =>
        new Composer(_composer.Options, Dice, _composer.Depth - 1, [.. samples, .. _captured.Select(_composer.Sample)])
            .Compose(1 + Dice.Below(_composer.Options.LongestBody), shape);

    private static bool BroadcastsTo(Shape shape, Shape to) =>
        shape.Rank <= to.Rank && shape.Reverse().Zip(to.Reverse(), (length, wanted) => length == wanted || length == 1).All(fits => fits);

    private static int PositionAlong(int element, Shape shape, int axis) =>
        element / shape.Skip(axis + 1).Aggregate(1, (product, length) => product * length) % shape[axis];

    private IEnumerable<int> Order(int rank)
    {
        var left = Enumerable.Range(0, rank).ToList();
        while (left.Count > 0)
        {
            var axis = Dice.Of(left);
            left.Remove(axis);
            yield return axis;
        }
    }

    private Shape Regrouped(int size)
    {
        int[] divisors = [.. Enumerable.Range(1, size).Where(divisor => size % divisor == 0)];
        return Dice.Of(divisors) is var rows && Dice.IsOneOf(2) ? new Shape(rows, size / rows) : new Shape(1, rows, size / rows);
    }
}
