// A body ready to be run on numbers.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation;

/// <summary>What a body was compiled to. Safe to run from several threads at once.</summary>
internal sealed class Executable
{
    private readonly Body _body;
    private readonly Packing _arguments;
    private readonly Packing _results;
    private readonly MachineCode? _machineCode;
    private readonly CompiledBody? _program;
    private readonly bool _isSingle;

    private Executable(Body body, CompileOptions options)
    {
        _body = body;
        _arguments = new("Compile", Arguments);
        _results = new("Compile", Results);
        _isSingle = options.Precision == Precision.Single;
        _machineCode = options.Interpret || _isSingle ? null : MachineCode.TryMake(body, _arguments);
        _program = _machineCode is null && !_isSingle ? new(body, options) : null;
    }

    /// <summary>The shapes of the arguments.</summary>
    public Shape[] Arguments => Array.ConvertAll(_body.Parameters, parameter => parameter.Shape);

    /// <summary>The shapes of the results.</summary>
    public Shape[] Results => Array.ConvertAll(_body.Results, result => result.Shape);

    /// <summary>Compiles a body: to machine code if all it does is on numbers, otherwise to instructions that are interpreted.</summary>
    public static Executable Of(Body body, CompileOptions options) => new(Optimizer.Run(body), options);

    /// <summary>The results for some arguments, which have the shapes of <see cref="Arguments"/>.</summary>
    public unsafe Storage[] Run(ReadOnlySpan<Storage> arguments)
    {
        if (_program is not null)
        {
            var results = Array.ConvertAll(_body.Results, result => Storage.Uninitialized(result.Shape, out _));
            Span<nint> pointers = stackalloc nint[arguments.Length + results.Length];
            var handles = new System.Buffers.MemoryHandle[pointers.Length];
            for (var i = 0; i < pointers.Length; i++)
            {
                var (data, offset) = (i < arguments.Length ? arguments[i] : results[i - arguments.Length]).Run();
                handles[i] = data.AsMemory(offset).Pin();
                pointers[i] = (nint)handles[i].Pointer;
            }

            _program.Run(pointers[..arguments.Length], pointers[arguments.Length..]);
            foreach (var handle in handles)
            {
                handle.Dispose();
            }

            return results;
        }

        if (_machineCode is not null)
        {
            var results = Storage.Uninitialized(_results.Shape, out var elements);
            _machineCode.Run(_arguments.Pack(arguments).Span, elements);
            return _results.Parts(results);
        }

        return _isSingle ? Array.ConvertAll(_body.Code.Run(Array.ConvertAll(arguments.ToArray(), Rounded)), Rounded) : _body.Code.Run(arguments);
    }

    /// <summary>The same on flat numbers: all arguments one after another, and all results, each in row-major order. Lengths have been checked.</summary>
    /// <remarks>It is short enough to become part of its caller: a call more costs as much as the machine code of a small function.</remarks>
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

    /// <summary>The same for scalars, as a delegate from numbers to a number, or to tuples of them; null where there is no machine code.</summary>
    public TDelegate? ToScalar<TDelegate>()
        where TDelegate : Delegate => _machineCode?.ToScalar<TDelegate>();

    /// <summary>The same for scalars, in an array.</summary>
    public double[] RunOn(params ReadOnlySpan<double> arguments)
    {
        var results = new double[_results.Shape.Size];
        Run(arguments, results);
        return results;
    }

    /// <summary>The operations, one a line.</summary>
    public string Explain() => _program is not null ? _program.Explain() : string.Join(Environment.NewLine, _body.Nodes.Select(node => $"{node.Op} {node.Shape}"));

    private unsafe void RunProgram(ReadOnlySpan<double> arguments, Span<double> results)
    {
        if (_program is null)
        {
            _results.Pack(Run(_arguments.Parts(new Storage(_arguments.Shape, arguments.ToArray())))).Span.CopyTo(results);
            return;
        }

        fixed (double* first = arguments)
        {
            fixed (double* target = results)
            {
                Span<nint> pointers = stackalloc nint[_arguments.Count + _results.Count];
                for (var i = 0; i < pointers.Length; i++)
                {
                    pointers[i] = (nint)(i < _arguments.Count ? first + _arguments.Start(i) : target + _results.Start(i - _arguments.Count));
                }

                _program.Run(pointers[.._arguments.Count], pointers[_arguments.Count..]);
            }
        }
    }

    private static Storage Rounded(Storage x) => new(x.Shape, Array.ConvertAll(x.Span.ToArray(), element => (double)(float)element));
}
