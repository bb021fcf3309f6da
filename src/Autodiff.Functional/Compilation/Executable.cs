// The outcome of compilation: a computation ready to be run on numbers, as one method or as a program.

using System.Buffers;
using Autodiff.Functional.Compilation.CodeGeneration;
using Autodiff.Functional.Compilation.Passes;
using Autodiff.Functional.Compilation.Runtime;
using Autodiff.Functional.Compilation.SourceGeneration;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation;

/// <summary>What a computation was compiled to: one method if all of it is scalar arithmetic, otherwise a program. Safe to run from several threads at once.</summary>
internal sealed class Executable : IExecutable
{
    private readonly Computation _computation;
    private readonly CompileOptions _options;
    private readonly Packing _arguments;
    private readonly Packing _results;
    private readonly MachineCode? _machineCode;
    private readonly CompiledProgram? _program;

    private Executable(Computation computation, CompileOptions options)
    {
        (Original, _computation, _options) = (computation, Optimizer.Run(computation), options);
        _arguments = new("Compile", Arguments);
        _results = new("Compile", Results);
        _machineCode = options.Interpret ? null : MachineCode.TryMake(_computation, _arguments);
        _program = _machineCode is null ? ProgramCompilation.CompileOptimized(_computation, options) : null;
    }

    /// <summary>The computation as it was before it was optimised.</summary>
    public Computation Original { get; }

    /// <summary>The shapes of the arguments.</summary>
    public Shape[] Arguments => Array.ConvertAll(_computation.Parameters, parameter => parameter.Shape);

    /// <summary>The shapes of the results.</summary>
    public Shape[] Results => Array.ConvertAll(_computation.Results, result => result.Shape);

    /// <summary>Compiles a computation.</summary>
    public static Executable Of(Computation computation, CompileOptions options) => new(computation, options);

    /// <summary>Computes the results for arguments, which have the shapes of <see cref="Arguments"/>.</summary>
    public Storage[] Run(ReadOnlySpan<Storage> arguments)
    {
        if (_machineCode is not null)
        {
            var packed = Storage.Uninitialized(_results.Shape, out var elements);
            _machineCode.Run(_arguments.Pack(arguments).Span, elements);
            return _results.Parts(packed);
        }

        var results = Array.ConvertAll(Results, shape => Storage.Uninitialized(shape, out _));
        RunProgram(arguments, results);
        return results;
    }

    /// <summary>Computes the results on flat numbers: all arguments one after another, and all results, each in row-major order. The caller has checked the lengths.</summary>
    /// <remarks>It is short enough to be inlined: one more call would cost as much as the machine code of a small function.</remarks>
    public void Run(ReadOnlySpan<double> arguments, Span<double> results)
    {
        if (_machineCode is not null)
        {
            _machineCode.Run(arguments, results);
        }
        else
        {
            RunProgram(arguments, results);
        }
    }

    /// <summary>The machine code as a delegate from numbers to a number, or to tuples of them; null if there is no machine code.</summary>
    public TDelegate? ToScalar<TDelegate>()
        where TDelegate : Delegate => _machineCode?.ToScalar<TDelegate>();

    /// <summary>Computes the results for scalar arguments: all elements of the results, one after another, in a new array.</summary>
    public double[] RunOn(params ReadOnlySpan<double> arguments)
    {
        var results = new double[_results.Shape.Size];
        Run(arguments, results);
        return results;
    }

    /// <summary>A file of source text that computes the same, given the names of the arguments and of the results, and the notation of formulas in comments.</summary>
    /// <exception cref="AutodiffException">The names of the namespace or the type are not allowed, or an operation cannot be written as source text.</exception>
    public string ToCSharp(string @namespace, string type, IReadOnlyList<string> arguments, IReadOnlyList<string> results, Notation notation)
    {
        SourceNames.Check(@namespace, type);
        var names = SourceNames.Distinct(arguments.Concat(results));
        var file = new ProgramSource(@namespace, type, [.. names.Zip(Arguments)], [.. names.Skip(arguments.Count).Zip(Results)], new(notation));
        return MachineCode.Fits(_computation)
            ? file.OfNumbers(_computation)
            : file.Of(_computation, Optimizer.Run, computation => ProgramCompilation.Schedule(computation, _options));
    }

    /// <summary>A description, line by line, of what the optimiser changed and of what runs.</summary>
    public string Explain() => string.Join('\n',
    [
        $"{Original.Nodes.Length} {(Original.Nodes.Length == 1 ? "operation" : "operations")} from {Text(Arguments)} to {Text(Results)}",
        .. Optimizer.Explain(Original).Select(line => $"  {line}"),
        .. _program?.Explain() ?? [$"one method of {_computation.Nodes.Length} operations on numbers"],
    ]);

    private static string Text(Shape[] shapes) => string.Join(", ", shapes);

    private unsafe void RunProgram(ReadOnlySpan<Storage> arguments, Storage[] results)
    {
        Storage[] all = [.. arguments, .. results];
        var pointers = new nint[all.Length];
        var pins = new MemoryHandle[all.Length];
        for (var i = 0; i < all.Length; i++)
        {
            var (data, offset) = all[i].Run();
            pins[i] = data.AsMemory(offset).Pin();
            pointers[i] = (nint)pins[i].Pointer;
        }

        try
        {
            _program!.Run(pointers.AsSpan(0, arguments.Length), pointers.AsSpan(arguments.Length));
        }
        finally
        {
            Array.ForEach(pins, pin => pin.Dispose());
        }
    }

    private unsafe void RunProgram(ReadOnlySpan<double> arguments, Span<double> results)
    {
        fixed (double* first = arguments, target = results)
        {
            Span<nint> pointers = stackalloc nint[_arguments.Count + _results.Count];
            for (var i = 0; i < pointers.Length; i++)
            {
                pointers[i] = (nint)(i < _arguments.Count ? first + _arguments.Start(i) : target + _results.Start(i - _arguments.Count));
            }

            _program!.Run(pointers[.._arguments.Count], pointers[_arguments.Count..]);
        }
    }
}
