// The kernels of one iteration space, of which a program may have thousands, in a list that finds one with room in few steps.

using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Lowering;

/// <summary>The kernels of one iteration space, in the order in which they run.</summary>
internal sealed class KernelLine
{
    private readonly List<Kernel> _kernels = [];

    // For each kernel the position of a later one such that all kernels from this one to just before that one are full (once this one is).
    private readonly List<int> _next = [];

    public void Add(Kernel kernel)
    {
        _kernels.Add(kernel);
        _next.Add(_kernels.Count);
    }

    /// <summary>The first kernel that runs at some step or later, and has room; null if there is none.</summary>
    public Kernel? FirstWithRoom(int earliest)
    {
        var (low, high) = (0, _kernels.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _kernels[middle].Index < earliest ? (middle + 1, high) : (low, middle);
        }

        // A full kernel stays full, so all that were passed now point to the kernel that was found (path compression).
        var first = low;
        while (first < _kernels.Count && _kernels[first].IsFull)
        {
            first = _next[first];
        }

        while (low < first)
        {
            (low, _next[low]) = (_next[low], first);
        }

        return first < _kernels.Count ? _kernels[first] : null;
    }
}
