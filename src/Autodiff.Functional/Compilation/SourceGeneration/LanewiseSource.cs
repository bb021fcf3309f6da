// Functions of registers that compute primitives lane by lane, as source text, for primitives without a function of a register.

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>Writes functions that take registers apart.</summary>
internal static class LanewiseSource
{
    /// <summary>The class of these functions.</summary>
    public const string Type = "Lanewise";

    private static readonly string[] s_names = ["a", "b", "c"];

    /// <summary>Writes the class with those functions that a text calls; nothing if it calls none.</summary>
    public static void Write(SourceWriter writer, string text)
    {
        Op[] used = [.. Enum.GetValues<Op>().Where(op => op.IsElementwise() && op.IsLanewise() && text.Contains($"{Type}.{op.Name()}<", StringComparison.Ordinal))];
        if (used.Length == 0)
        {
            return;
        }

        writer.Line();
        writer.Block($"file static class {Type}", () =>
        {
            foreach (var op in used)
            {
                Write(writer, op);
            }
        });
    }

    private static void Write(SourceWriter writer, Op op)
    {
        var names = s_names.AsSpan(0, op.Arity()).ToArray();
        writer.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        writer.Line($"public static T {op.Name()}<T>({string.Join(", ", names.Select(name => $"T {name}"))})");
        writer.Block("    where T : struct, ILanes<T>", () =>
        {
            foreach (var name in names)
            {
                writer.Line($"Span<double> {name}Lanes = stackalloc double[T.Count];");
                writer.Line($"T.Store({name}, ref {name}Lanes[0]);");
            }

            writer.Block("for (var i = 0; i < T.Count; i++)", () => writer.Line($"aLanes[i] = {NumberSource.Apply(op, null, [.. names.Select(name => $"{name}Lanes[i]")])};"));
            writer.Line("return T.Load(in aLanes[0]);");
        });
    }
}
