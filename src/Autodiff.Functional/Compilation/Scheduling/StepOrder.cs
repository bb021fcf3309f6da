// The order in which steps run, and which of them run together. Kernels over the same samples follow one another as far as what
// they read allows: a group of them takes the samples tile by tile, so that what lies between them stays in the caches.

using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Scheduling;

/// <summary>Puts steps into groups. A step comes after those that write what it reads; beyond that the order is free.</summary>
internal sealed class StepOrder
{
    // What is done for so few samples is done as early as it can be: others may be waiting for it that could join a group.
    private const int FewSamples = 128;

    // So many kernels are looked at for one that can join a group.
    private const int MostSetAside = 16;

    private readonly List<IStep> _steps;
    private readonly int[] _missing;
    private readonly List<int>?[] _waiting;
    private readonly bool[] _isDone;
    private readonly PriorityQueue<int, int> _few = new();
    private readonly PriorityQueue<int, int> _others = new();
    private readonly Dictionary<int, PriorityQueue<int, int>> _ofClass = [];
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
            while (first is Kernel { Space.IsVector: true } kernel && !IsAlone(kernel) && order.Joining(kernel.Space.SampleClass) is { } next)
            {
                group.Add(next);
            }
        }

        Number(groups);
        return groups;
    }

    /// <summary>Counts for each step those that write what it reads, or wrote before it where it writes.</summary>
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
        if (!_ofClass.TryGetValue(space.SampleClass, out var line))
        {
            _ofClass.Add(space.SampleClass, line = new());
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

    /// <summary>Whether a kernel has the most to gain from a division of its rounds, which is for kernels that run alone.</summary>
    private static bool IsAlone(Kernel kernel) => kernel.Space.Samples <= FewSamples && kernel.Work > WorkPartition.LittleWork;

    /// <summary>A kernel that can run together with those of the group; null if there is none.</summary>
    private Kernel? Joining(int sampleClass)
    {
        var line = _ofClass[sampleClass];
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

    /// <summary>Whether a kernel reads what the group writes for other samples.</summary>
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

    /// <summary>Numbers the steps, and tells each buffer by which it is written and read.</summary>
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
