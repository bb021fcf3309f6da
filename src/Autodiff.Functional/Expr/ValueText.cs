// How numbers and tensors are written: in full for ToString, abbreviated in formulas and pictures.

using System.Globalization;
using System.Text;
using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional;

internal static class ValueText
{
    /// <summary>How many elements are shown at either end of an abbreviated axis.</summary>
    private const int Edge = 3;

    /// <summary>A value in full, abbreviated above 1000 elements.</summary>
    public static string Of(Storage value) => Of(value, Number);

    /// <summary>A value with numbers of some form, abbreviated above 1000 elements.</summary>
    public static string Of(Storage value, Func<double, string> number) => Tensor(value, number, abbreviateAbove: 1000);

    /// <summary>The shortest text that reads back as the same double.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A number rounded to some significant digits: enough to follow a computation in a picture.</summary>
    public static string Rounded(double value, int digits) => value.ToString($"G{digits}", CultureInfo.InvariantCulture);

    /// <summary>A list of indices as it is written in a formula.</summary>
    public static string Indices(int[] indices, int abbreviateAbove = int.MaxValue) =>
        Tensor(new(Shape.Of([indices.Length]), Array.ConvertAll(indices, index => (double)index)), Number, abbreviateAbove);

    /// <summary>Nested brackets in row-major order; a value of rank 0 is a bare number.</summary>
    /// <param name="value">The elements.</param>
    /// <param name="number">The text of one element.</param>
    /// <param name="abbreviateAbove">The largest size that is shown in full.</param>
    public static string Tensor(Storage value, Func<double, string> number, int abbreviateAbove)
    {
        if (value.Size == 0)
        {
            return "[]";
        }

        var (shape, strides) = (value.Shape, value.Shape.Strides());
        var text = new StringBuilder();
        Write(0, 0);
        return text.ToString();

        void Write(int axis, int offset)
        {
            if (axis == shape.Rank)
            {
                text.Append(number(value[offset]));
                return;
            }

            var skipFrom = value.Size > abbreviateAbove && shape[axis] > 2 * Edge ? Edge : shape[axis];
            text.Append('[');
            for (var i = 0; i < shape[axis]; i++)
            {
                if (i == skipFrom)
                {
                    text.Append(", ...");
                    i = shape[axis] - Edge;
                }

                text.Append(i > 0 ? ", " : "");
                Write(axis + 1, offset + (i * strides[axis]));
            }

            text.Append(']');
        }
    }
}
