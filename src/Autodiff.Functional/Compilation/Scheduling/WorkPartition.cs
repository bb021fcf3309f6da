// How the work of a group is divided, so that several threads can do it and the results do not depend on how many there are: what
// several parts add to the same numbers, each adds in memory of its own first.

using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Scheduling;

/// <summary>The parts of the work of a group.</summary>
/// <param name="Parts">How many there are.</param>
/// <param name="IsByRounds">Whether each takes some rounds of the outermost loop; if not, each takes some of the samples.</param>
/// <param name="Shared">The buffers that several parts add to.</param>
internal sealed record WorkPartition(int Parts, bool IsByRounds, IReadOnlySet<TensorBuffer> Shared)
{
    /// <summary>Work that is over before another thread has come is one part.</summary>
    public const double LittleWork = 1 << 18;

    // Parts that add up do not depend on how many threads there are, and so neither do sums.
    private const int SummedParts = 8;
    private const int FewSummed = 240;

    // Others can be more, which lets a thread that comes late take fewer.
    private const int PartsOfThread = 4;
    private const int FewSamples = 2 * KernelSpace.ShortestSamples;

    // What each part adds up is this much less than the work of all.
    private const int LeastWork = 8 * SummedParts;

    private static readonly WorkPartition s_one = new(1, false, new HashSet<TensorBuffer>());

    /// <summary>What each part adds up in memory of its own.</summary>
    public IReadOnlyList<PartialSums> Sums { get; private init; } = [];

    /// <summary>How many numbers these are.</summary>
    public int Size => Sums.Sum(sums => sums.Size);

    /// <summary>How many parts have such memory: if none adds to the numbers of another, they can share it.</summary>
    public int SummingParts => IsByRounds && Shared.Count == 0 ? 1 : Parts;

    /// <summary>Divides a group of kernels, and tells them where they add up.</summary>
    public static WorkPartition Of(List<IStep> group, int threads)
    {
        Kernel[] kernels = [.. group.OfType<Kernel>()];
        var division = Dividing(kernels, threads);
        var sums = new Dictionary<TensorBuffer, PartialSums>();
        var size = 0;
        foreach (var kernel in kernels)
        {
            kernel.AddInParts((act, monoid, buffer) =>
            {
                if (act != Act.Fold && !division.Shared.Contains(buffer))
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

        return division with { Sums = [.. sums.Values] };
    }

    private static WorkPartition Dividing(Kernel[] kernels, int threads)
    {
        var work = kernels.Sum(kernel => kernel.Work);
        if (work <= LittleWork)
        {
            return s_one;
        }

        var samples = kernels[0].Space.Samples;
        var byRounds = kernels is [{ Space.Lengths: [>= SummedParts and var rounds, ..] }] ? Divided(true, rounds, rounds) : s_one;
        var bySamples = byRounds.Parts > 1 && samples < SummedParts * FewSummed ? s_one : Divided(false, samples / FewSummed, samples / FewSamples);
        return bySamples.Parts > 1 ? bySamples : byRounds;

        WorkPartition Divided(bool isByRounds, int mostSummed, int most)
        {
            // What is stored in one round of the outermost loop is to be stored in no other.
            if (isByRounds && kernels[0].Code.Exists(instruction => instruction.Act == Act.Store && instruction.Access!.AlongLoop(0) == 0))
            {
                return s_one;
            }

            var additions = kernels.SelectMany(AdditionsOf).ToLookup(addition => addition.Access.Buffer);
            HashSet<TensorBuffer> shared = [.. additions.Where(to => isByRounds ? !AreRoundsApart([.. to]) : !AreSamplesApart([.. to])).Select(to => to.Key)];
            var isSummed = shared.Count > 0 || (!isByRounds && additions.Any(to => to.Any(addition => addition.Act == Act.Fold)));

            // Also where one thread is to work: whether parts sum must not depend on it.
            var parts = isSummed ? Math.Min(SummedParts, mostSummed) : Math.Min(PartsOfThread * Math.Max(2, threads), most);
            return parts > 1 && shared.Sum(buffer => buffer.Size) * LeastWork <= work ? new(parts, isByRounds, shared) : s_one;
        }
    }

    private static IEnumerable<(Act Act, Access Access, KernelSpace Space)> AdditionsOf(Kernel kernel) => kernel.Code
        .Where(instruction => instruction.Act is Act.Accumulate or Act.Fold)
        .Select(instruction => (instruction.Act, instruction.Access!, kernel.Space));

    /// <summary>Whether no two rounds of the outermost loop add to one place of a buffer: places move with the rounds, and there is one alone or samples are folded.</summary>
    private static bool AreRoundsApart((Act Act, Access Access, KernelSpace Space)[] additions) => Array.TrueForAll(additions, addition =>
        addition.Access.AlongLoop(0) != 0
        && (addition.Act == Act.Fold || (additions.Length == 1 && addition.Access.IsOnce(addition.Space))));

    /// <summary>
    /// Whether no two samples add to one place of a buffer, except where they are folded: each adds to its own, or the places of each are
    /// nearer to each other than to those of the next sample, or the places of each addition all lie before those of the next.
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
