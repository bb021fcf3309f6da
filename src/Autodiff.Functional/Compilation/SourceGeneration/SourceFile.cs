// What the programs of one file of source text have in common: their kernels, their constants, and the programs that steps run.

using Autodiff.Functional.Compilation.Scheduling;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>The parts of a file that is being written.</summary>
/// <param name="optimize">Optimises a computation that a step runs.</param>
/// <param name="schedule">Schedules the program of an optimised computation.</param>
/// <param name="formulas">Writes the formulas of nodes, for comments.</param>
internal sealed class SourceFile(Func<Computation, Computation> optimize, Func<Computation, ScheduledProgram> schedule, NodeFormulas formulas)
{
    private readonly List<KernelSource> _kernels = [];
    private readonly List<double[]> _constants = [];
    private readonly List<MatrixSource> _products = [];
    private readonly Dictionary<Computation, string> _names = new(ReferenceEqualityComparer.Instance);
    private readonly List<(string Name, Computation Computation, ProgramBody Body)> _programs = [];

    /// <summary>Whether calls allocate memory beside that of each thread.</summary>
    public bool Allocates { get; set; }

    /// <summary>Adds a kernel, and returns the name of its method.</summary>
    public string Add(KernelSource kernel)
    {
        _kernels.Add(kernel);
        return KernelName(_kernels.Count - 1);
    }

    /// <summary>Adds products of matrices, and returns the name of their method.</summary>
    public string Add(MatrixSource products)
    {
        _products.Add(products);
        return $"Product{NumberSource.Whole(_products.Count)}";
    }

    /// <summary>Adds a constant, and returns its name.</summary>
    public string Add(double[] constant)
    {
        _constants.Add(constant);
        return ConstantName(_constants.Count - 1);
    }

    /// <summary>Adds a program that a step runs, and returns the name of its class, whose method Run takes references to all arguments and all results.</summary>
    public string Add(Computation computation)
    {
        if (!_names.TryGetValue(computation, out var name))
        {
            _names.Add(computation, name = $"Program{NumberSource.Whole(_names.Count + 1)}");
            var (arguments, results) = NamesOf(computation);
            var optimized = optimize(computation);
            _programs.Add((name, computation, new ProgramBody(this, schedule(optimized), arguments, results, FormulasOf(optimized, arguments))));
        }

        return name;
    }

    /// <summary>The formula of each node of a computation, in terms of the parameters as far as it is short.</summary>
    public string[] FormulasOf(Computation computation, string[] parameters) => formulas.Of(computation, parameters, _ => null);

    /// <summary>Writes the types that the programs use.</summary>
    public void Write(SourceWriter writer)
    {
        foreach (var (name, computation, body) in _programs)
        {
            var (arguments, results) = NamesOf(computation);
            writer.Line();
            writer.Block($"file static class {name}", () =>
            {
                writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
                writer.Block($"public static void Run({string.Join(", ", arguments.Concat(results).Select(parameter => $"ref double {parameter}"))})", () => body.Write(writer));
                body.WriteMemory(writer);
            });
        }

        WriteKernels(writer);
        if (_products.Count > 0)
        {
            writer.Line();
            writer.Line("// Products of matrices.");
            writer.Block("file static unsafe class Products", () =>
            {
                foreach (var (i, product) in _products.Index())
                {
                    product.WriteMethod(writer, $"Product{NumberSource.Whole(i + 1)}");
                    writer.Line();
                }

                writer.Lines(MatrixSource.Multiply);
            });
        }

        if (_constants.Count > 0)
        {
            writer.Line();
            writer.Block("file static class Constants", () => WriteEach(writer, _constants, (numbers, i) =>
            {
                writer.Line($"public static ReadOnlySpan<double> {ConstantName(i)} =>");
                writer.Line("[");
                foreach (var line in numbers.Chunk(16))
                {
                    writer.Line($"    {string.Join(", ", line.Select(NumberSource.Literal))},");
                }

                writer.Line("];");
            }));
        }
    }

    private static string KernelName(int kernel) => $"Kernel{NumberSource.Whole(kernel + 1)}";

    private static string ConstantName(int constant) => $"Constant{NumberSource.Whole(constant + 1)}";

    private static (string[] Arguments, string[] Results) NamesOf(Computation computation) => (
        [.. computation.Parameters.Select((_, i) => $"argument{NumberSource.Whole(i + 1)}")],
        [.. computation.Results.Select((_, i) => $"result{NumberSource.Whole(i + 1)}")]);

    private static void WriteEach<T>(SourceWriter writer, IEnumerable<T> items, Action<T, int> write)
    {
        var isFirst = true;
        foreach (var (i, item) in items.Index())
        {
            if (!isFirst)
            {
                writer.Line();
            }

            isFirst = false;
            write(item, i);
        }
    }

    private void WriteKernels(SourceWriter writer)
    {
        if (_kernels.Count == 0)
        {
            return;
        }

        writer.Line();
        writer.Line("// The kernels: those on samples choose the widest registers that the processor has.");
        writer.Block("file static class Kernels", () => WriteEach(writer, _kernels, (kernel, i) =>
        {
            if (kernel.IsVector)
            {
                WriteChoice(writer, kernel, KernelName(i));
            }
            else
            {
                kernel.Write(writer, KernelName(i), null);
            }
        }));
        (KernelSource Kernel, string Name)[] onSamples = [.. _kernels.Select((kernel, i) => (kernel, KernelName(i))).Where(each => each.kernel.IsVector)];
        foreach (var width in onSamples.Length > 0 ? RegisterWidth.All : [])
        {
            writer.Line();
            writer.Line($"// The kernels on samples, in registers of {width.Count} numbers{(width == RegisterWidth.All[0] ? "" : "; comments are above")}.");
            writer.Block($"file static class Kernels{width.Bits}", () => WriteEach(writer, onSamples, (each, _) => each.Kernel.Write(writer, each.Name, width)));
        }
    }

    private static void WriteChoice(SourceWriter writer, KernelSource kernel, string name)
    {
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        writer.Block($"public static void {name}({kernel.Parameters})", () =>
        {
            foreach (var width in RegisterWidth.All)
            {
                var isLast = width == RegisterWidth.All[^1];
                writer.Block(
                    isLast ? "else" : $"{(width == RegisterWidth.All[0] ? "" : "else ")}if ({width.Functions}.IsHardwareAccelerated)",
                    () => writer.Line($"Kernels{width.Bits}.{name}({string.Join(", ", kernel.Names)});"));
            }
        });
    }
}
