// Where the caller's code uses the library, for messages.

using System.Diagnostics;

namespace Autodiff.Functional;

/// <summary>Finds the place in the caller's code. It takes milliseconds, so it is only for exceptions.</summary>
internal static class CallSite
{
    // What may stand between the caller's code and this library: .NET's own libraries, such as LINQ and System.Text.Json, those that this one uses, and its package for F#.
    private static readonly string[] s_between = ["System.", "Microsoft.", "FSharp.Core,", "LanguageExt.", "MathNet.Numerics,", "Autodiff.Functional.FSharp,"];

    /// <summary>The innermost place on the stack that is neither in this library nor in one that calls back; null if there is none.</summary>
    public static string? OfCaller()
    {
        var own = typeof(CallSite).Assembly.FullName;
        foreach (var frame in new StackTrace(fNeedFileInfo: true).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { } method || method.DeclaringAssemblyName == own || IsBetween(method.DeclaringAssemblyName))
            {
                continue;
            }

            return frame.GetFileName() is { } file && frame.GetFileLineNumber() is > 0 and var line
                ? $"at {Path.GetFileName(file)}:{line}"
                : $"in {method.DeclaringTypeName}.{method.Name}";
        }

        return null;
    }

    private static bool IsBetween(string? assembly) => Array.Exists(s_between, name => assembly?.StartsWith(name, StringComparison.Ordinal) == true);
}
