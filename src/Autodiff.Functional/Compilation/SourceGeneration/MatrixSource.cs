// Writes products of matrices, which the library's own code computes: it becomes part of the file.

using Autodiff.Functional.Compilation.Runtime;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>Products of matrices of one shape.</summary>
internal sealed class MatrixSource : IStatements
{
    private readonly MatrixStep _step;
    private readonly MemoryNames _names;
    private readonly string _method;

    public MatrixSource(MatrixStep step, MemoryNames names, SourceFile file)
    {
        (_step, _names, _method) = (step, names, file.Add(this));
        step.Plan();
    }

    /// <inheritdoc/>
    public void Write(SourceWriter writer) =>
        writer.Line($"Products.{_method}({string.Join(", ", _step.Operands.Concat(_step.Results).Select(view => $"ref {_names.Of(view)}"))});");

    /// <summary>Writes the method that computes the products, given references to the operands and the result.</summary>
    public void WriteMethod(SourceWriter writer, string name)
    {
        writer.Line($"// {_step.Explain().First()}");
        writer.Block($"public static void {name}(ref double a, ref double b, ref double c)", () =>
        {
            foreach (var chunk in _step.Chunks)
            {
                string Behind(string place, nint distance) => MemoryNames.At(place, distance);
                writer.Line($"Multiply({ShapeText(chunk.Shape)}, ref {Behind("a", chunk.A)}, ref {Behind("b", chunk.B)}, ref {Behind("c", chunk.C)});");
            }
        });
    }

    /// <summary>The method that all products are computed by.</summary>
    public const string Multiply = """
        private static void Multiply(in MatrixProductShape shape, ref double left, ref double right, ref double result)
        {
            var rented = ArrayPool<double>.Shared.Rent(MatrixProduct.ScratchSize<double>(shape));
            fixed (double* a = &left, b = &right, c = &result, scratch = rented)
            {
                MatrixProduct.Run(shape, a, b, c, scratch);
            }

            ArrayPool<double>.Shared.Return(rented);
        }
        """;

    private static string ShapeText(MatrixProductShape shape)
    {
        (string Name, long Value)[] strides =
        [
            ("ARow", shape.ARow), ("AColumn", shape.AColumn), ("BRow", shape.BRow), ("BColumn", shape.BColumn), ("CRow", shape.CRow), ("CColumn", shape.CColumn),
            ("Count", shape.Count), ("ABatch", shape.ABatch), ("BBatch", shape.BBatch), ("CBatch", shape.CBatch),
        ];
        var lengths = string.Join(", ", new[] { shape.M, shape.K, shape.N }.Select(length => NumberSource.Whole(length)));
        return $"new({lengths}) {{ {string.Join(", ", strides.Select(stride => $"{stride.Name} = {NumberSource.Whole(stride.Value)}"))} }}";
    }
}
