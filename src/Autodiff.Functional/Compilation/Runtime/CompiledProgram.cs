// A compiled program, ready to be run on memory: groups of kernels that take the samples tile by tile, other steps, and the memory they work in.

using System.Collections.Concurrent;
using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>What a computation was compiled to. Safe to run from several threads at once.</summary>
internal sealed unsafe class CompiledProgram
{
    private readonly ConcurrentBag<Workspace> _workspaces = [];
    private readonly Group[] _groups;
    private readonly double[] _constants;
    private readonly int _arguments;
    private readonly int _results;
    private readonly MemorySize _size;
    private readonly int _threads;

    /// <param name="groups">The groups, in the order in which they run.</param>
    /// <param name="constants">The constants of the program, in pinned memory.</param>
    /// <param name="arguments">The number of arguments.</param>
    /// <param name="results">The number of results.</param>
    /// <param name="size">The memory that it works in.</param>
    /// <param name="threads">The number of threads that may work.</param>
    public CompiledProgram(Group[] groups, double[] constants, int arguments, int results, MemorySize size, int threads) =>
        (_groups, _constants, _arguments, _results, _size, _threads) = (groups, constants, arguments, results, size, threads);

    /// <summary>Computes the results, given pointers to each argument and each result, which are in row-major order.</summary>
    public void Run(ReadOnlySpan<nint> arguments, ReadOnlySpan<nint> results)
    {
        var workspace = Rent();
        for (var i = 0; i < arguments.Length; i++)
        {
            workspace.Arguments[i] = (double*)arguments[i];
        }

        for (var i = 0; i < results.Length; i++)
        {
            workspace.Results[i] = (double*)results[i];
        }

        RunAndReturn(workspace);
    }

    /// <summary>Computes the results in a rented workspace, and gives it back.</summary>
    public void RunAndReturn(Workspace workspace)
    {
        try
        {
            Run(workspace);
        }
        finally
        {
            Return(workspace);
        }
    }

    /// <summary>A workspace to run in, which has to be returned after the last run in it.</summary>
    public Workspace Rent()
    {
        var workspace = _workspaces.TryTake(out var used) ? used : new(_size, _constants, _arguments, _results, _threads);
        workspace.Begin();
        return workspace;
    }

    public void Return(Workspace workspace)
    {
        workspace.End();
        _workspaces.Add(workspace);
    }

    /// <summary>Computes the results, for the arguments and results that the workspace points to.</summary>
    public void Run(Workspace workspace)
    {
        foreach (var group in _groups)
        {
            group.Run(workspace);
        }
    }

    /// <summary>A description of the steps, one line or more for each, and of the memory they work in.</summary>
    public IEnumerable<string> Explain()
    {
        yield return $"{_groups.Length} {(_groups.Length == 1 ? "step" : "steps")} in {_size.Arena * sizeof(double):N0} bytes, {_size.Tile * sizeof(double):N0} more for a tile, {_constants.Length * sizeof(double):N0} of constants";
        foreach (var line in _groups.SelectMany(group => group.Explain()))
        {
            yield return $"  {line}";
        }
    }
}
