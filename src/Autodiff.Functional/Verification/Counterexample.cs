// The report of a law that does not hold.

using System.Globalization;
using System.Text;
using LanguageExt;

namespace Autodiff.Functional;

/// <summary>A law that was broken in a way that has no error of its own.</summary>
public sealed record LawBroken : CheckError
{
    internal LawBroken(string message)
        : base(message)
    {
    }
}

/// <summary>A point at which a law does not hold, shrunk to a simple one, with what is known about it.</summary>
public sealed record Counterexample : CheckError
{
    internal Counterexample(string law, string point, CheckError cause, Explanation explanation, int? seed, int number, int shrinks)
        : base(Text(law, point, cause, explanation, seed, number, shrinks))
    {
        (Law, Point, Cause, Seed, Case, Shrinks) = (law, point, cause, seed, number, shrinks);
        (Blame, Methods) = (Prelude.Optional(explanation.Blame), Prelude.toSeq(explanation.Methods));
        Snippet = Prelude.Optional(explanation.Snippet?.Invoke(seed, number));
    }

    /// <summary>What does not hold.</summary>
    public string Law { get; }

    /// <summary>The point as C# code, or as text where it is a tree that has no such code.</summary>
    public string Point { get; }

    /// <summary>What was found there.</summary>
    public CheckError Cause { get; }

    /// <summary>The operation at fault, and in what way.</summary>
    public Option<string> Blame { get; }

    /// <summary>The number in question as each method computes it, the one that the others are compared with first.</summary>
    public Seq<MethodResult> Methods { get; }

    /// <summary>C# code that finds the same.</summary>
    public Option<string> Snippet { get; }

    /// <summary>The seed of the run; null if the point did not come from a run.</summary>
    public int? Seed { get; }

    /// <summary>The number of the case that failed, from 1.</summary>
    public int Case { get; }

    /// <summary>How many times the point was replaced by a simpler one.</summary>
    public int Shrinks { get; }

    private static string Text(string law, string point, CheckError cause, Explanation explanation, int? seed, int number, int shrinks)
    {
        var text = new StringBuilder();
        if (cause.SaysNothing)
        {
            return text.Append(CultureInfo.InvariantCulture, $"{law}: nothing could be checked at any of {number} points. The first: {point}. {cause.Message}").ToString();
        }

        text.Append(CultureInfo.InvariantCulture, $"{law} does not hold at {point}.\n{cause.Message}");
        if (explanation.Blame is { } blame)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nAt fault: {blame}");
        }

        if (explanation.Methods.Count > 0)
        {
            var width = explanation.Methods.Max(method => method.Method.Length);
            foreach (var (method, value, ulps) in explanation.Methods)
            {
                var distance = ulps == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"   {ulps:G4} ulps away");
                text.Append(CultureInfo.InvariantCulture, $"\n  {method.PadRight(width)}  {value,24:R}{distance}");
            }
        }

        if (seed is { } number0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nCase {number} of seed {number0}, {(shrinks == 0 ? "as it was drawn" : shrinks == 1 ? "simplified once" : $"simplified {shrinks} times")}.");
        }

        if (explanation.Snippet?.Invoke(seed, number) is { } snippet)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nTo reproduce:\n{snippet}");
        }

        return text.ToString();
    }
}
