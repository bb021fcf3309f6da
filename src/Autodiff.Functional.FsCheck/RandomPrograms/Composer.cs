// Writes a body of a random program, instruction after instruction. It knows a sample of every value, so that what it draws fits: shapes, bounds that
// are far from what they are compared with, and results between −2 and 2.

namespace Autodiff.Functional.Generation;

internal sealed class Composer
{
    // Results stay between −2 and 2 up to rounding.
    private const double Range = 2 + 1e-9;
    private const int LargestRank = 3;

    private readonly List<Expr> _values;
    private readonly List<ProgramInstruction> _instructions = [];
    private readonly HashSet<int> _constants = [];
    private readonly HashSet<int> _unused = [];
    private readonly IReadOnlyList<(Operation[] Operations, int Weight)> _groups;

    public Composer(RandomProgramOptions options, Dice dice, int depth, IReadOnlyList<Expr> samples)
    {
        (Options, Dice, Depth, _values) = (options, dice, depth, [.. samples]);
        Parameters = [.. samples.Select(sample => sample.Shape)];
        _groups =
        [
            .. new[]
            {
                (Group.Elementwise, options.Elementwise), (Group.Reductions, options.Reductions), (Group.Shapes, options.Shapes),
                (Group.Products, options.Products), (Group.LinearAlgebra, options.LinearAlgebra), (Group.Loops, options.Loops),
                (Group.Branches, options.Branches), (Group.Batches, options.Batches), (Group.Searches, options.Searches),
                (Group.CustomRules, options.CustomRules), (Group.Derivatives, options.Derivatives),
            }.Select(group => (Usable(group.Item1), group.Item2)).Where(group => group.Item1.Length > 0),
        ];
    }

    public RandomProgramOptions Options { get; }

    public Dice Dice { get; }

    /// <summary>How many bodies may still be nested inside this one.</summary>
    public int Depth { get; }

    private Shape[] Parameters { get; }

    public Expr Sample(int value) => _values[value];

    public Shape ShapeOf(int value) => _values[value].Shape;

    /// <summary>The body, of which the result has the given shape, or any.</summary>
    public ProgramBody Compose(int count, Shape? shape)
    {
        for (var drawn = 0; drawn < count; drawn++)
        {
            DrawInstruction();
        }

        var result = Joined();
        if (shape is { } wanted)
        {
            result = Cast(result, wanted);
        }

        return new ProgramBody(Parameters, _instructions, result).WithoutUnused();
    }

    /// <summary>Any value, often one that is not used yet, so that programs become deep.</summary>
    public int Any() => _unused.Count > 0 && !Dice.IsOneOf(3)
        ? Dice.Of([.. _unused.Order()])
        : Dice.Of([.. Enumerable.Range(0, _values.Count).Where(value => !_constants.Contains(value))]);

    /// <summary>A value of a shape for which the condition holds, or any other that is cast to the shape given.</summary>
    public int Fitting(Func<Shape, bool> fits, Func<Shape> otherwise)
    {
        int[] fitting = [.. Enumerable.Range(0, _values.Count).Where(value => !_constants.Contains(value) && fits(ShapeOf(value)))];
        return fitting.Length > 0 && !Dice.IsOneOf(8) ? Dice.Of(fitting) : Cast(Any(), otherwise());
    }

    /// <summary>The value brought to a shape: reshaped, cut, or its mean repeated.</summary>
    public int Cast(int value, Shape shape)
    {
        if (ShapeOf(value) == shape)
        {
            return value;
        }

        if (shape.Size > ShapeOf(value).Size || shape.Rank == 0)
        {
            var mean = ShapeOf(value).Rank == 0 ? value : Insert("Mean", [value], []);
            return shape.Rank == 0 ? mean : Insert("BroadcastTo", [mean], Numbers(shape));
        }

        if (ShapeOf(value).Size > shape.Size)
        {
            var flat = ShapeOf(value).Rank == 1 ? value : Insert("Flatten", [value], []);
            value = Insert("First", [flat], [shape.Size]);
        }

        return ShapeOf(value) == shape ? value : Insert("Reshape", [value], Numbers(shape));
    }

    public int Constant(Shape shape, IEnumerable<double> elements)
    {
        var value = Insert("Constant", [], [.. Numbers(shape), .. elements]);
        _constants.Add(value);
        _unused.Remove(value);
        return value;
    }

    public static double[] Numbers(Shape shape) => [shape.Rank, .. shape.Select(length => (double)length)];

    private Operation[] Usable(Group group) =>
        [.. Vocabulary.Operations.Where(operation => operation.Group == group && (operation.IsSmooth || !Options.Smooth) && (Depth > 0 || !operation.HasBodies))];

    private void DrawInstruction()
    {
        var place = Dice.Below(_groups.Sum(group => group.Weight));
        var index = 0;
        for (; place >= _groups[index].Weight; index++)
        {
            place -= _groups[index].Weight;
        }

        var operation = Dice.Of(_groups[index].Operations);
        var draft = new Draft(this, operation);
        var instruction = new ProgramInstruction(operation.Name, draft.Operands, draft.Numbers, draft.Bodies, Shape.Scalar);
        var result = instruction.Run(_values);
        if (result.ToArray().All(element => Math.Abs(element) <= Range))
        {
            Small(Append(instruction, result));
        }
    }

    /// <summary>Cuts a result that is too large, so that tensors do not grow in the course of a program.</summary>
    private void Small(int value)
    {
        var shape = ShapeOf(value);
        if (shape.Size > Options.LargestTensor || shape.Rank > LargestRank)
        {
            Cast(value, new Shape(Math.Min(shape.Size, Options.LargestTensor)));
        }
    }

    private int Insert(string operation, int[] operands, double[] numbers)
    {
        var instruction = new ProgramInstruction(operation, operands, numbers, [], Shape.Scalar);
        return Append(instruction, instruction.Run(_values));
    }

    private int Append(ProgramInstruction instruction, Expr result)
    {
        _instructions.Add(instruction.With(shape: result.Shape));
        _values.Add(result);
        _unused.ExceptWith(instruction.Operands);
        _unused.Add(_values.Count - 1);
        return _values.Count - 1;
    }

    /// <summary>One value that depends on all results that no instruction uses yet.</summary>
    private int Joined()
    {
        if (_unused.Count == 0)
        {
            return Any();
        }

        while (_unused.Count > 1)
        {
            var (first, second) = (_unused.Max(), _unused.Order().ElementAt(_unused.Count - 2));
            Insert("Add", [first, Cast(second, ShapeOf(first))], []);
        }

        return _unused.Single();
    }
}
