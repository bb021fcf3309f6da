// Which buffers a group fills with their initial value before it accumulates into them, and when.

using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Scheduling;

/// <summary>The buffers that a group of kernels accumulates into and has to fill first.</summary>
/// <param name="Whole">Those that are filled as a whole before the group runs.</param>
/// <param name="Along">Those of which each tile fills as many samples as it has, from some samples ahead of its first one.</param>
/// <param name="Tiles">Those in the memory of a tile, which each tile fills.</param>
internal sealed record Filling(TensorBuffer[] Whole, (TensorBuffer Buffer, int Ahead)[] Along, TensorBuffer[] Tiles)
{
    /// <summary>What a group fills.</summary>
    public static Filling Of(Kernel[] kernels, WorkPartition partition)
    {
        var (whole, along, tiles) = (new List<TensorBuffer>(), new List<(TensorBuffer Buffer, int Ahead)>(), new List<TensorBuffer>());
        foreach (var effects in kernels
            .SelectMany(kernel => kernel.Code.Where(instruction => instruction.IsEffect).Select(instruction => (kernel.Index, instruction.Act, Access: instruction.Access!)))
            .ToLookup(effect => effect.Access.Buffer))
        {
            var buffer = effects.Key;
            if (buffer.Initial is null || effects.All(effect => effect.Index != buffer.FirstWriter))
            {
                continue;
            }

            if (buffer.Segment == TensorBuffer.Tile)
            {
                tiles.Add(buffer);
            }
            else if (!partition.IsByIterations
                && effects.All(effect => effect is { Act: Act.Accumulate, Access: { IsInOrder: true, Segment: not TensorBuffer.Chunk } })
                && AreFilledInTime(effects.Select(effect => effect.Access.Sample)))
            {
                along.Add((buffer, effects.Max(effect => effect.Access.Sample)));
            }
            else
            {
                whole.Add(buffer);
            }
        }

        return new([.. whole], [.. along], [.. tiles]);

        // Samples that are added to less far ahead than the farthest are filled by the tile before, which may belong to another chunk.
        bool AreFilledInTime(IEnumerable<int> samples) => partition.Chunks == 1 || samples.Distinct().Count() == 1;
    }
}
