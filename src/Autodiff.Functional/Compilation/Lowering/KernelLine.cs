// The kernels of one space, of which a program may have thousands: finding the one where something is computed takes few steps.

using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Lowering;

/// <summary>Kernels in the order they run.</summary>
internal sealed class KernelLine
{
    private readonly List<Kernel> _kernels = [];

    // For each kernel one behind it that all between them are full before.
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

        // A kernel that is full stays so, and whoever passes it takes the way that was found from then on.
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
