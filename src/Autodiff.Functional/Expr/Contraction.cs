// Contractions: sums of products over named axes. Dot, MatMul, Outer, Einsum, Trace and Diag are all described by one.

namespace Autodiff.Functional;

/// <summary>
/// A sum of products: the axes of each operand and of the result are named by letters; letters that the result does not have
/// are summed over. The result may also repeat a letter (its elements are on that diagonal, with zeros elsewhere) or have a
/// letter that no operand has (it is stretched along that axis), so the transpose of a contraction is again a contraction.
/// </summary>
internal sealed record Contraction(string[] Inputs, string Output, IReadOnlyDictionary<char, int> Lengths)
{
    public const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>
    /// The largest rank of an operand of a matrix product: two axes with lower-case letters and 26 batch axes with upper-case letters.
    /// </summary>
    public const int LargestMatrixRank = 28;

    public Shape Shape => ShapeOf(Output);

    /// <summary>The result's shape; an error that names the operation if it is too large.</summary>
    public Shape ShapeFor(string operation) => ShapeOf(Output, operation);

    /// <summary>Whether the result repeats an axis, so that it is structurally zero off that diagonal.</summary>
    public bool HasDiagonal => Output.Distinct().Count() < Output.Length;

    public Shape ShapeOf(string axes, string operation = "Einsum")
    {
        var lengths = new int[axes.Length];
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            lengths[axis] = Lengths[axes[axis]];
        }

        return Shape.Of(lengths, operation);
    }

    /// <summary>The shape of named axes, with length 1 for those that are not among the axes present.</summary>
    public Shape ShapeWithOnes(string axes, string present) =>
        Shape.Of([.. axes.Select(letter => present.Contains(letter, StringComparison.Ordinal) ? Lengths[letter] : 1)]);

    /// <summary>For each of some axes, how far apart in a tensor with named axes two elements are that are neighbours along it; a letter that occurs twice moves along both.</summary>
    public int[] StridesOf(string tensor, string axes)
    {
        var strides = ShapeOf(tensor).Strides();
        return [.. axes.Select(letter => tensor.Select((own, axis) => own == letter ? strides[axis] : 0).Sum())];
    }

    /// <summary>The map from a cotangent of the result to one of an operand: the contraction with the other operand.</summary>
    public Contraction Transpose(int operand) =>
        new([Output, .. Inputs.Where((_, index) => index != operand)], Inputs[operand], Lengths);

    /// <summary>A letter that names no axis yet.</summary>
    public string FreeLetter()
    {
        foreach (var letter in Letters)
        {
            if (!Lengths.ContainsKey(letter))
            {
                return $"{letter}";
            }
        }

        throw new ShapeException($"Einsum: \"{this}\" names {Letters.Length} axes, and there is no letter left for another.");
    }

    /// <summary>
    /// Whether both name the axes alike. The lengths need not be compared: they follow from the operands, which are compared elsewhere.
    /// </summary>
    public bool Equals(Contraction? other) => other is not null && Output == other.Output && Inputs.AsSpan().SequenceEqual(other.Inputs);

    public override int GetHashCode() => HashCode.Combine(Output, Inputs[0], Inputs[^1]);

    /// <summary>The text in the notation of Einsum.</summary>
    public override string ToString() => $"{string.Join(',', Inputs)}->{Output}";

    /// <summary>The axes of the result that no operand has, in a text in the notation of Einsum.</summary>
    public static IEnumerable<char> StretchedIn(string text) => text.Split("->") is [var inputs, var output]
        ? output.Where(char.IsAsciiLetter).Except(inputs)
        : [];

    /// <summary>Reads the text of a contraction; null if it is not one that <see cref="ToString"/> writes for operands of these shapes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="shapes">The shapes of the operands.</param>
    /// <param name="stretched">The lengths of the axes that no operand has.</param>
    public static Contraction? TryRead(string text, Shape[] shapes, Dictionary<char, int> stretched)
    {
        if (text.Split("->") is not [var left, var output] || left.Split(',') is var inputs && inputs.Length != shapes.Length
            || !string.Concat([.. inputs, output]).All(char.IsAsciiLetter))
        {
            return null;
        }

        var lengths = new Dictionary<char, int>(stretched);
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Length != shapes[i].Rank)
            {
                return null;
            }

            for (var axis = 0; axis < inputs[i].Length; axis++)
            {
                if (!lengths.TryAdd(inputs[i][axis], shapes[i][axis]) && lengths[inputs[i][axis]] != shapes[i][axis])
                {
                    return null;
                }
            }
        }

        return new(inputs, output, lengths);
    }

    /// <summary>Parses the text of an Einsum, for operands of given shapes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="shapes">The shapes of the operands; an axis of length 1 that an ellipsis stretches is taken out.</param>
    public static Contraction Parse(string text, Span<Shape> shapes)
    {
        ShapeException Bad(string reason) => new($"Einsum: \"{text}\" {reason}");

        if (text is null)
        {
            throw AutodiffException.Null("Einsum", "the text");
        }

        var sides = text.Replace(" ", "", StringComparison.Ordinal).Split("->");
        if (sides.Length > 2)
        {
            throw Bad("has more than one \"->\".");
        }

        var inputs = sides[0].Split(',');
        if (inputs.Length != shapes.Length)
        {
            throw Bad($"names {inputs.Length} operand(s), but {shapes.Length} were given; separate them by commas.");
        }

        // An ellipsis stands for the axes that are not named, aligned at the last one. They get letters that do not occur in the text.
        var free = string.Concat(Letters.Where(letter => !text.Contains(letter, StringComparison.Ordinal)));
        var widest = 0;
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].Contains("...", StringComparison.Ordinal))
            {
                if (HasTwoEllipses(inputs[i]))
                {
                    throw Bad($"has two ellipses in operand {i}; one stands for all axes not named.");
                }

                widest = Math.Max(widest, shapes[i].Rank - (inputs[i].Length - 3));
            }
        }

        if (widest > free.Length)
        {
            throw Bad($"leaves {widest} axes to an ellipsis, more than there are letters for.");
        }

        for (var i = 0; i < inputs.Length; i++)
        {
            var hidden = shapes[i].Rank - (inputs[i].Length - 3);
            if (inputs[i].Contains("...", StringComparison.Ordinal))
            {
                inputs[i] = hidden >= 0
                    ? inputs[i].Replace("...", free[(widest - hidden)..widest], StringComparison.Ordinal)
                    : throw Bad($"names more axes than operand {i} of shape {shapes[i]} has.");
            }

            if (inputs[i].FirstOrDefault(letter => !char.IsAsciiLetter(letter)) is var odd and not '\0')
            {
                throw Bad($"has the character '{odd}'; axes are named by the letters a-z and A-Z, as in \"ij,jk->ik\".");
            }

            if (inputs[i].Length != shapes[i].Rank)
            {
                throw Bad($"names {inputs[i].Length} axes (\"{inputs[i]}\") for operand {i}, whose shape {shapes[i]} has {shapes[i].Rank}.");
            }
        }

        var hiddenLetters = free[..widest];
        var lengths = new Dictionary<char, int>();
        for (var i = 0; i < inputs.Length; i++)
        {
            for (var axis = 0; axis < inputs[i].Length; axis++)
            {
                var (letter, length) = (inputs[i][axis], shapes[i][axis]);
                if (lengths.TryAdd(letter, length) || lengths[letter] == length)
                {
                    continue;
                }

                if (!hiddenLetters.Contains(letter, StringComparison.Ordinal))
                {
                    throw Bad($"gives axis '{letter}' the lengths {lengths[letter]} and {length}; shapes: {string.Join(", ", shapes.ToArray())}.");
                }

                if (lengths[letter] != 1 && length != 1)
                {
                    throw Bad($"stretches axes of the lengths {lengths[letter]} and {length} under the ellipsis to each other; they must be equal, or one of them 1; shapes: {string.Join(", ", shapes.ToArray())}.");
                }

                lengths[letter] = lengths[letter] == 1 ? length : lengths[letter];
            }
        }

        // An operand that is stretched along an axis loses that axis.
        for (var i = 0; i < inputs.Length; i++)
        {
            var (axes, shape) = (inputs[i], shapes[i]);
            int[] kept = [.. Enumerable.Range(0, axes.Length).Where(axis => shape[axis] == lengths[axes[axis]])];
            (inputs[i], shapes[i]) = (string.Concat(kept.Select(axis => axes[axis])), kept.Length == axes.Length ? shape : new Shape([.. kept.Select(axis => shape[axis])]));
        }

        if (sides.Length == 2 && HasTwoEllipses(sides[1]))
        {
            throw Bad("has two ellipses in its result; one stands for all axes not named.");
        }

        // Without an arrow the result has the axes that occur once, in alphabetical order, after those of the ellipsis.
        var output = sides.Length == 2
            ? sides[1].Replace("...", hiddenLetters, StringComparison.Ordinal)
            : hiddenLetters + string.Concat(sides[0].Where(char.IsAsciiLetter).GroupBy(letter => letter).Where(group => group.Count() == 1).Select(group => group.Key).Order());
        foreach (var letter in output)
        {
            if (!lengths.ContainsKey(letter))
            {
                throw Bad($"has '{letter}' in its result but in no operand.");
            }

            if (output.IndexOf(letter, StringComparison.Ordinal) != output.LastIndexOf(letter))
            {
                throw Bad($"repeats '{letter}' in its result; name each axis of the result once (Diag builds a diagonal).");
            }
        }

        return new(inputs, output, lengths);

        static bool HasTwoEllipses(string axes) => axes.IndexOf("...", StringComparison.Ordinal) != axes.LastIndexOf("...", StringComparison.Ordinal);
    }

    /// <summary>The product of matrices, with leading batch axes that broadcast.</summary>
    public static Contraction OfMatrices(Shape a, Shape b, string left, string right)
    {
        var lengths = new Dictionary<char, int>();
        var batch = Letters[26..];
        string Name(Shape shape, string matrix)
        {
            var leading = shape.Rank - matrix.Length;
            for (var axis = 0; axis < matrix.Length; axis++)
            {
                lengths[matrix[axis]] = shape[leading + axis];
            }

            // Batch axes are named from the last, so that operands of different rank align there.
            var names = "";
            for (var axis = 0; axis < leading; axis++)
            {
                var letter = batch[leading - 1 - axis];
                names += letter;
                lengths[letter] = shape[axis];
            }

            return names + matrix;
        }

        var (first, second) = (Name(a, left), Name(b, right));
        var outer = first.Length - left.Length > second.Length - right.Length ? first[..^left.Length] : second[..^right.Length];
        return new([first, second], outer + left.Replace("j", "", StringComparison.Ordinal) + right.Replace("j", "", StringComparison.Ordinal), lengths);
    }
}
