// Decides the order in which steps run, and which of them run together. Kernels over the same samples follow one another as far as their
// operands allow: such a group takes the samples tile by tile, so that what one kernel writes for the next stays in the caches.

using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Scheduling;

/// <summary>Puts steps into groups. A step comes after the steps that write what it reads; beyond that the order is free.</summary>
internal sealed class StepOrder
{
    // Kernels of at most this many samples run as early as they can: kernels that could join a group may be waiting for them.
    private const int FewSamples = 128;

    // At most this many kernels that cannot join a group are set aside in the search for one that can.
    private const int MostSetAside = 16;

    private readonly List<IStep> _steps;
    private readonly int[] _missing;
    private readonly List<int>?[] _waiting;
    private readonly bool[] _isDone;
    private readonly PriorityQueue<int, int> _few = new();
    private readonly PriorityQueue<int, int> _others = new();
    private readonly Dictionary<int, PriorityQueue<int, int>> _ofDomain = [];
    private readonly HashSet<TensorBuffer> _written = [];

    private StepOrder(List<IStep> steps)
    {
        _steps = steps;
        (_missing, _waiting, _isDone) = (new int[steps.Count], new List<int>?[steps.Count], new bool[steps.Count]);
        Wait();
        for (var step = 0; step < steps.Count; step++)
        {
            if (_missing[step] == 0)
            {
                Ready(step);
            }
        }
    }

    /// <summary>The steps in groups, each of one step or of kernels over the same samples, and numbered as they run.</summary>
    /// <param name="steps">The steps in an order in which they could run.</param>
    public static List<List<IStep>> Of(List<IStep> steps)
    {
        var order = new StepOrder(steps);
        var groups = new List<List<IStep>>();
        while (order.First() is { } first)
        {
            var group = new List<IStep> { first };
            groups.Add(group);
            while (first is Kernel { Space.IsVector: true } kernel && !IsAlone(kernel) && order.Joining(kernel.Space.SampleDomain) is { } next)
            {
                group.Add(next);
            }
        }

        Number(groups);
        return groups;
    }

    /// <summary>Counts for each step the steps that it has to wait for: those that write what it reads, or that wrote before it what it writes.</summary>
    /// <remarks>Lowering never writes a buffer after a step has read it, so a reader waits for the last writer.</remarks>
    private void Wait()
    {
        var writers = new Dictionary<TensorBuffer, int>();
        var counted = new int[_steps.Count];
        Array.Fill(counted, -1);
        for (var step = 0; step < _steps.Count; step++)
        {
            foreach (var (buffer, isWritten, _) in _steps[step].Touched)
            {
                var before = !isWritten ? buffer.LastWriter : writers.TryGetValue(buffer, out var writer) ? writer : -1;
                if (isWritten)
                {
                    writers[buffer] = step;
                }

                if (before >= 0 && before != step && counted[before] != step)
                {
                    counted[before] = step;
                    (_waiting[before] ??= []).Add(step);
                    _missing[step]++;
                }
            }
        }
    }

    private void Ready(int step)
    {
        if (_steps[step] is not Kernel { Space: { IsVector: true } space })
        {
            (_steps[step] is Kernel ? _few : _others).Enqueue(step, step);
            return;
        }

        (space.Samples <= FewSamples ? _few : _others).Enqueue(step, step);
        if (!_ofDomain.TryGetValue(space.SampleDomain, out var line))
        {
            _ofDomain.Add(space.SampleDomain, line = new());
        }

        line.Enqueue(step, step);
    }

    /// <summary>The next step, which begins a group; null if all are done.</summary>
    private IStep? First()
    {
        _written.Clear();
        int step;
        while (_few.TryDequeue(out step, out _) || _others.TryDequeue(out step, out _))
        {
            if (!_isDone[step])
            {
                return Done(step);
            }
        }

        return null;
    }

    /// <summary>Whether a kernel gains most from sharing the iterations of its outermost loop among threads, which only a kernel that runs alone can do.</summary>
    private static bool IsAlone(Kernel kernel) => kernel.Space.Samples <= FewSamples && kernel.Work > WorkPartition.LittleWork;

    /// <summary>A kernel that is ready and can run together with those of the group; null if there is none.</summary>
    private Kernel? Joining(int sampleDomain)
    {
        var line = _ofDomain[sampleDomain];
        var aside = new List<int>();
        Kernel? found = null;
        while (found is null && aside.Count < MostSetAside && line.TryDequeue(out var step, out _))
        {
            if (_isDone[step])
            {
                continue;
            }

            var kernel = (Kernel)_steps[step];
            if (IsAlone(kernel) || ReadsOthers(kernel))
            {
                aside.Add(step);
            }
            else
            {
                found = (Kernel)Done(step);
            }
        }

        line.EnqueueRange(aside.Select(step => (step, step)));
        return found;
    }

    /// <summary>Whether a kernel reads values that the group writes for other samples.</summary>
    private bool ReadsOthers(Kernel kernel) => kernel.Touched.Any(touched =>
        !touched.IsWritten && (!touched.IsOwn || touched.Buffer.IsScattered) && _written.Contains(touched.Buffer));

    private IStep Done(int step)
    {
        _isDone[step] = true;
        foreach (var (buffer, isWritten, _) in _steps[step].Touched)
        {
            if (isWritten)
            {
                _written.Add(buffer);
            }
        }

        foreach (var next in _waiting[step] ?? [])
        {
            if (--_missing[next] == 0)
            {
                Ready(next);
            }
        }

        return _steps[step];
    }

    /// <summary>Numbers the steps in the order in which they run, and records in each buffer which steps write and read it.</summary>
    private static void Number(List<List<IStep>> groups)
    {
        foreach (var (buffer, _, _) in groups.SelectMany(group => group).SelectMany(step => step.Touched))
        {
            buffer.Forget();
        }

        var number = 0;
        foreach (var step in groups.SelectMany(group => group))
        {
            step.Index = number;
            foreach (var (buffer, isWritten, isOwn) in step.Touched)
            {
                if (isWritten)
                {
                    buffer.Written(number, isOwn);
                }
                else
                {
                    buffer.Read(number, isOwn);
                }
            }

            number++;
        }
    }
}
