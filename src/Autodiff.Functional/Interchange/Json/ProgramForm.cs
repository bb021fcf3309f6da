// How a primitive that holds computations is written to JSON and read from it. Such a primitive stands once in a document, however many nodes have it.

using System.Text.Json;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Interchange;

/// <summary>The JSON form of a primitive that holds computations.</summary>
internal abstract class ProgramForm
{
    /// <summary>The record of the primitive.</summary>
    public abstract Type Type { get; }

    public abstract Op Op { get; }

    /// <summary>The computations, each with the field that it is in.</summary>
    public abstract IReadOnlyList<(string Field, Computation Computation)> ComputationsOf(ProgramPrimitive primitive);

    /// <summary>The other primitives that it refers to.</summary>
    public virtual IReadOnlyList<ProgramPrimitive> ProgramsOf(ProgramPrimitive primitive) => [];

    /// <summary>Writes what is not a computation as fields.</summary>
    /// <param name="primitive">The primitive.</param>
    /// <param name="json">Where to.</param>
    /// <param name="programs">The positions in the document of the primitives that it refers to.</param>
    public abstract void Write(ProgramPrimitive primitive, Utf8JsonWriter json, IReadOnlyDictionary<ProgramPrimitive, int> programs);

    /// <summary>Reads the primitive, and checks that its parts fit together.</summary>
    public abstract ProgramPrimitive Read(ProgramFields fields);

    /// <summary>The node over operands without values. An error if their number or shapes do not fit.</summary>
    public abstract Expr Node(ProgramPrimitive primitive, Expr[] operands, Fields fields);
}

/// <summary>The JSON form of a kind of these primitives.</summary>
internal abstract class ProgramForm<T>(Op op) : ProgramForm
    where T : ProgramPrimitive
{
    public sealed override Type Type => typeof(T);

    public sealed override Op Op => op;

    public sealed override IReadOnlyList<(string Field, Computation Computation)> ComputationsOf(ProgramPrimitive primitive) => ComputationsOf((T)primitive);

    public sealed override IReadOnlyList<ProgramPrimitive> ProgramsOf(ProgramPrimitive primitive) => ProgramsOf((T)primitive);

    public sealed override void Write(ProgramPrimitive primitive, Utf8JsonWriter json, IReadOnlyDictionary<ProgramPrimitive, int> programs) => Write((T)primitive, json, programs);

    public sealed override Expr Node(ProgramPrimitive primitive, Expr[] operands, Fields fields)
    {
        var expected = OperandsOf((T)primitive, operands);
        return expected.Count == operands.Length && expected.Zip(operands, (shape, operand) => shape == operand.Shape).All(fits => fits)
            ? Node((T)primitive, operands)
            : throw fields.Error("of", $"shapes {string.Join(", ", operands.Select(operand => operand.Shape))} are given to the program, which takes {string.Join(", ", expected)}.");
    }

    protected abstract IReadOnlyList<(string Field, Computation Computation)> ComputationsOf(T primitive);

    protected virtual IReadOnlyList<ProgramPrimitive> ProgramsOf(T primitive) => [];

    protected abstract void Write(T primitive, Utf8JsonWriter json, IReadOnlyDictionary<ProgramPrimitive, int> programs);

    /// <summary>The shapes that operands must have.</summary>
    protected abstract IReadOnlyList<Shape> OperandsOf(T primitive, Expr[] operands);

    protected abstract Expr Node(T primitive, Expr[] operands);

    /// <summary>An error unless a computation has the given parameters and, unless these are null, results.</summary>
    protected static void MustTake(Fields fields, string field, Computation computation, IEnumerable<Shape> parameters, IEnumerable<Shape>? results = null)
    {
        Must(fields, field, "parameters", parameters, computation.Parameters);
        if (results is not null)
        {
            Must(fields, field, "results", results, computation.Results);
        }
    }

    protected static IEnumerable<Shape> Shapes(IEnumerable<Expr> nodes) => nodes.Select(node => node.Shape);

    private static void Must(Fields fields, string field, string part, IEnumerable<Shape> expected, Expr[] actual)
    {
        if (!expected.SequenceEqual(Shapes(actual)))
        {
            throw fields.Error(field, $"its {part} must have the shapes {string.Join(", ", expected)}, but have {string.Join(", ", Shapes(actual))}.");
        }
    }
}

/// <summary>The fields of a program, some of which are computations, and some the positions of programs before it.</summary>
/// <param name="Fields">The fields.</param>
/// <param name="Computation">Reads the computation that is in a field.</param>
/// <param name="Programs">The programs before this one.</param>
internal sealed record ProgramFields(Fields Fields, Func<Fields, string, Computation> Computation, IReadOnlyList<ProgramPrimitive> Programs)
{
    public Computation Read(string field) => Computation(Fields, field);

    /// <summary>The program before this one that a field refers to.</summary>
    public T Program<T>(string field)
        where T : ProgramPrimitive => Programs.Count > 0 && Programs[Fields.Whole(field, 0, Programs.Count - 1)] is T program ? program
            : throw Fields.Error(field, $"it must be the position of a {typeof(T).Name} before this program.");
}
