// Decides where the buffers of a program lie, after the steps have been ordered: in the memory of a tile if only one group uses them,
// otherwise in the arena, where the memory of a buffer is used again once nothing reads it any more.

using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Scheduling;

internal static class MemoryPlan
{
    // The buffers of a tile hold about this many doubles (128 KiB), so that they stay in the caches together. A tile has at least SmallestTile samples.
    private const int TileNumbers = 16 << 10;
    private const int SmallestTile = 64;

    /// <summary>Moves buffers that only one group uses, each sample its own, to the memory of a tile, and finds how many samples each group takes at a time.</summary>
    public static (int?[] Tiles, long Size) Tile(List<List<IStep>> groups)
    {
        var sizes = new int?[groups.Count];
        var most = 0L;
        var step = 0;
        for (var number = 0; number < groups.Count; number++)
        {
            var group = groups[number];
            var (first, last) = (step, step + group.Count - 1);
            step += group.Count;
            if (group is not [Kernel { Space.IsVector: true } kernel, ..])
            {
                continue;
            }

            var written = group.Cast<Kernel>().SelectMany(each => each.Code).Where(instruction => instruction.Act is Act.Store or Act.Accumulate)
                .Select(instruction => instruction.Access!.Buffer).Distinct()
                .Where(buffer => buffer.FirstWriter >= first)
                .ToArray();
            var local = Array.FindAll(written, buffer => group.Count > 1 && buffer.Segment == TensorBuffer.Arena && !buffer.IsShared && Math.Max(buffer.LastWriter, buffer.LastReader) <= last);
            var elements = written.Where(buffer => buffer.Initial is not null).Union(local).Sum(buffer => (long)buffer.Elements);
            if (elements == 0)
            {
                continue;
            }

            var samples = kernel.Space.Samples;
            var fitting = Math.Max(SmallestTile, TileNumbers / elements);
            var tiles = (int)Math.Max(1, samples / fitting);
            var tile = tiles == 1 ? MemorySize.RoundedUp(samples) : MemorySize.RoundedUp((samples + tiles - 1) / tiles);
            var start = 0L;
            foreach (var buffer in local)
            {
                (buffer.Segment, buffer.Lead, buffer.Start) = (TensorBuffer.Tile, tile + MemorySize.Line, (int)start);
                start += buffer.Size;
            }

            sizes[number] = tile;
            most = Math.Max(most, start);
        }

        return (sizes, most);
    }

    /// <summary>Gives every buffer of the arena its start. Memory that is no longer read is used again.</summary>
    public static long LayOut(List<List<IStep>> groups)
    {
        int[] groupOf = [.. groups.SelectMany((group, number) => Enumerable.Repeat(number, group.Count))];
        var buffers = groups.SelectMany(group => group).SelectMany(step => step.Touched)
            .Where(touched => touched.IsWritten && touched.Buffer.Segment == TensorBuffer.Arena)
            .Select(touched => touched.Buffer)
            .Distinct()
            .ToArray();
        var starting = buffers.ToLookup(buffer => groupOf[buffer.FirstWriter]);
        var ending = buffers.ToLookup(buffer => groupOf[Math.Max(buffer.LastReader, buffer.LastWriter)]);
        var free = new Dictionary<long, Stack<int>>();
        var size = 0L;
        for (var group = 0; group < groups.Count; group++)
        {
            foreach (var buffer in starting[group])
            {
                var rounded = buffer.Size < MemorySize.Line ? buffer.Size : MemorySize.RoundedUp(buffer.Size);
                if (free.TryGetValue(rounded, out var starts) && starts.TryPop(out var start))
                {
                    buffer.Start = start;
                }
                else
                {
                    size = rounded < MemorySize.Line ? size : MemorySize.RoundedUp(size);
                    buffer.Start = checked((int)size);
                    size += rounded;
                }
            }

            foreach (var buffer in ending[group])
            {
                var rounded = buffer.Size < MemorySize.Line ? buffer.Size : MemorySize.RoundedUp(buffer.Size);
                if (!free.TryGetValue(rounded, out var starts))
                {
                    free.Add(rounded, starts = []);
                }

                starts.Push(buffer.Start);
            }
        }

        return size;
    }
}
