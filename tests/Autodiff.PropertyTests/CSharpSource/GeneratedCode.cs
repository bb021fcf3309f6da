// Source text that a compiled function wrote, compiled and loaded, so that tests can run it.

using System.Reflection.Emit;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Autodiff.PropertyTests.CSharpSource;

/// <summary>Runs the generated code: all arguments one after another, and all results.</summary>
internal delegate void GeneratedFunction(ReadOnlySpan<double> arguments, Span<double> results);

/// <summary>Compiles generated files against the base library alone, with all warnings as errors.</summary>
internal static class GeneratedCode
{
    private static readonly string[] s_baseLibrary =
        ["System.Private.CoreLib", "System.Runtime", "System.Linq", "System.Memory", "System.Runtime.Intrinsics", "System.Runtime.InteropServices", "System.Collections", "System.Runtime.Numerics"];

    private static readonly MetadataReference[] s_references = [.. ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator)
        .Where(path => s_baseLibrary.Contains(Path.GetFileNameWithoutExtension(path)))
        .Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly CSharpParseOptions s_language = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    private static readonly CSharpCompilationOptions s_options = new(
        OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, generalDiagnosticOption: ReportDiagnostic.Error,
        nullableContextOptions: NullableContextOptions.Enable);

    /// <summary>The functions written as source text, and all of it compiled as one assembly.</summary>
    public static GeneratedFunction[] Of(params CompiledFunction[] functions) =>
        OfText([.. functions.Select((function, i) => (function, function.ToCSharp("Generated.Math", $"Function{i}"), $"Generated.Math.Function{i}"))]);

    /// <summary>Texts of some functions, compiled as one assembly.</summary>
    public static GeneratedFunction[] OfText(params (CompiledFunction Function, string Text, string Type)[] files)
    {
        // Only products of matrices use pointers, and what is made of them.
        var hasPointers = files.Any(file => file.Text.Contains("unsafe ", StringComparison.Ordinal));
        var compilation = CSharpCompilation.Create(
            $"Generated{Guid.NewGuid():N}", files.Select((file, i) => CSharpSyntaxTree.ParseText(file.Text, s_language, $"{i}.cs")), s_references, s_options.WithAllowUnsafe(hasPointers));
        using var stream = new MemoryStream();
        var emitted = compilation.Emit(stream);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Take(10)));
        stream.Position = 0;
        // The context is not collectible, so it stays loaded whatever the dynamic methods that call into it keep alive.
        var assembly = new AssemblyLoadContext("generated").LoadFromStream(stream);
        return Array.ConvertAll(files, file => Flat(assembly.GetType(file.Type)!, file.Function));
    }

    /// <summary>The method Invoke of a type, as a function of all arguments one after another.</summary>
    private static GeneratedFunction Flat(Type type, CompiledFunction function)
    {
        var method = new DynamicMethod("Flat", typeof(void), [typeof(ReadOnlySpan<double>), typeof(Span<double>)], typeof(GeneratedCode).Module, true);
        var code = method.GetILGenerator();
        void Push(int parameter, Type span, IEnumerable<Shape> shapes)
        {
            var start = 0;
            foreach (var shape in shapes)
            {
                code.Emit(OpCodes.Ldarga_S, (byte)parameter);
                code.Emit(OpCodes.Ldc_I4, start);
                code.Emit(OpCodes.Ldc_I4, shape.Size);
                code.Emit(OpCodes.Call, span.GetMethod("Slice", [typeof(int), typeof(int)])!);
                start += shape.Size;
            }
        }

        Push(0, typeof(ReadOnlySpan<double>), function.ArgumentShapes);
        Push(1, typeof(Span<double>), function.ResultShapes);
        code.Emit(OpCodes.Call, type.GetMethod("Invoke")!);
        code.Emit(OpCodes.Ret);
        return method.CreateDelegate<GeneratedFunction>();
    }
}
