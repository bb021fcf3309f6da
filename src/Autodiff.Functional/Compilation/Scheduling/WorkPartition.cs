// Decides how the work of a group is divided into chunks that several threads can do. The results do not depend on the number of threads:
// where several chunks add to the same elements, each chunk first adds in memory of its own.

using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Scheduling;

/// <summary>The chunks that the work of a group is divided into.</summary>
/// <param name="Chunks">The number of chunks.</param>
/// <param name="IsByIterations">Whether each chunk takes some iterations of the outermost loop; if not, each takes some of the samples.</param>
/// <param name="Shared">The buffers that several chunks add to.</param>
internal sealed record WorkPartition(int Chunks, bool IsByIterations, IReadOnlySet<TensorBuffer> Shared)
{
    /// <summary>Work of at most this many instructions (<see cref="Kernel.Work"/>) is done by one thread: a helper thread would arrive after it is over.</summary>
    public const double LittleWork = 1 << 18;

    // The number of chunks that are summed does not depend on the number of threads, and so neither do the roundings of the sums. A chunk of
    // samples that are summed has at least FewSummed samples.
    private const int SummedChunks = 8;
    private const int FewSummed = 240;

    // Chunks that are not summed can be more, this many for each thread, so that a thread that arrives late takes fewer of them. Such a chunk
    // has at least FewSamples samples.
    private const int ChunksOfThread = 4;
    private const int FewSamples = 2 * KernelSpace.ShortestSamples;

    // Chunks are summed only if the work has at least this many instructions for each double of the shared buffers: combining the sums of all
    // chunks has to cost little beside it.
    private const int LeastWork = 8 * SummedChunks;

    private static readonly WorkPartition s_one = new(1, false, new HashSet<TensorBuffer>());

    /// <summary>The partial sums that each chunk computes in memory of its own.</summary>
    public IReadOnlyList<PartialSums> Sums { get; private init; } = [];

    /// <summary>The size of the partial sums of a chunk, in doubles.</summary>
    public int Size => Sums.Sum(sums => sums.Size);

    /// <summary>How many chunks have memory for partial sums. If no chunk adds to the elements of another, all can share one such memory.</summary>
    public int SummingChunks => IsByIterations && Shared.Count == 0 ? 1 : Chunks;

    /// <summary>Divides the work of a group of kernels, and tells the kernels where to add up partial sums.</summary>
    public static WorkPartition Of(List<IStep> group, int threads)
    {
        Kernel[] kernels = [.. group.OfType<Kernel>()];
        var partition = Divide(kernels, threads);
        var sums = new Dictionary<TensorBuffer, PartialSums>();
        var size = 0;
        foreach (var kernel in kernels)
        {
            kernel.AddInChunks((act, monoid, buffer) =>
            {
                if (act != Act.Fold && !partition.Shared.Contains(buffer))
                {
                    return null;
                }

                if (!sums.TryGetValue(buffer, out var known))
                {
                    sums.Add(buffer, known = new(buffer, monoid, size, act == Act.Fold ? KernelSpace.ShortestSamples : 1));
                    size = checked(size + known.Size);
                }

                return known;
            });
        }

        return partition with { Sums = [.. sums.Values] };
    }

    private static WorkPartition Divide(Kernel[] kernels, int threads)
    {
        var work = kernels.Sum(kernel => kernel.Work);
        if (work <= LittleWork)
        {
            return s_one;
        }

        var samples = kernels[0].Space.Samples;
        var byIterations = kernels is [{ Space.Lengths: [>= SummedChunks and var iterations, ..] }] ? DividedBy(true, iterations, iterations) : s_one;
        var bySamples = byIterations.Chunks > 1 && samples < SummedChunks * FewSummed ? s_one : DividedBy(false, samples / FewSummed, samples / FewSamples);
        return bySamples.Chunks > 1 ? bySamples : byIterations;

        WorkPartition DividedBy(bool isByIterations, int mostSummed, int most)
        {
            // An iteration of the outermost loop must not store where another one does.
            if (isByIterations && kernels[0].Code.Exists(instruction => instruction.Act == Act.Store && instruction.Access!.AlongLoop(0) == 0))
            {
                return s_one;
            }

            var additions = kernels.SelectMany(AdditionsOf).ToLookup(addition => addition.Access.Buffer);
            HashSet<TensorBuffer> shared = [.. additions.Where(to => isByIterations ? !AreIterationsApart([.. to]) : !AreSamplesApart([.. to])).Select(to => to.Key)];
            var isSummed = shared.Count > 0 || (!isByIterations && additions.Any(to => to.Any(addition => addition.Act == Act.Fold)));

            // This limit holds for one thread too: whether chunks are summed must not depend on the number of threads.
            var chunks = isSummed ? Math.Min(SummedChunks, mostSummed) : Math.Min(ChunksOfThread * Math.Max(2, threads), most);
            return chunks > 1 && shared.Sum(buffer => buffer.Size) * LeastWork <= work ? new(chunks, isByIterations, shared) : s_one;
        }
    }

    private static IEnumerable<(Act Act, Access Access, KernelSpace Space)> AdditionsOf(Kernel kernel) => kernel.Code
        .Where(instruction => instruction.Act is Act.Accumulate or Act.Fold)
        .Select(instruction => (instruction.Act, instruction.Access!, kernel.Space));

    /// <summary>
    /// Whether no two iterations of the outermost loop add to the same element of a buffer: the address changes with that loop, and either the
    /// samples are folded or this is the only addition and never adds to an element twice.
    /// </summary>
    private static bool AreIterationsApart((Act Act, Access Access, KernelSpace Space)[] additions) => Array.TrueForAll(additions, addition =>
        addition.Access.AlongLoop(0) != 0
        && (addition.Act == Act.Fold || (additions.Length == 1 && addition.Access.IsOnce(addition.Space))));

    /// <summary>
    /// Whether no two samples add to the same element of a buffer, except where they are folded: each adds to its own elements; or the elements of one
    /// sample are closer together than samples are apart; or the elements of each addition all lie before those of the next addition.
    /// </summary>
    private static bool AreSamplesApart((Act Act, Access Access, KernelSpace Space)[] additions)
    {
        if (Array.TrueForAll(additions, addition => addition.Act == Act.Fold || addition.Access.IsOwn))
        {
            return true;
        }

        var (first, samples) = (additions[0].Access, additions[0].Space.Samples);
        if (first.Table?.IsOneToOne == false || Array.Exists(additions, addition => addition.Access.Along != first.Along || addition.Access.Table != first.Table))
        {
            return false;
        }

        var along = Math.Abs((long)first.Along);
        var loops = additions.Max(addition => addition.Space.Lengths.Select((length, loop) => (length - 1L) * Math.Abs(addition.Access.AlongLoop(loop))).Sum());
        var reach = ((first.Table?.Furthest ?? samples - 1L) * along) + loops;
        long[] starts = [.. additions.Select(addition => (long)addition.Access.Start).Distinct().Order()];
        return starts[^1] - starts[0] + loops < along
            || (loops < along && starts.Zip(starts.Skip(1), (start, next) => next - start).All(distance => distance > reach));
    }
}
