// Prints programs as C#: each instruction is a statement, and each body a lambda before the statement that uses it.

using System.Text;

namespace Autodiff.Functional.Generation;

internal sealed class SourceText
{
    private readonly StringBuilder _text = new();
    private int _names;

    private SourceText()
    {
    }

    /// <summary>The source file of a class with the input and the function.</summary>
    public static string File(RandomProgram program, string className)
    {
        var text = new SourceText();
        text.Write(program.Body, ["x"], "        ");
        return $$"""
            using System;
            using Autodiff.Functional;
            using static Autodiff.Functional.AD;
            using static Autodiff.Functional.Expr;

            public static class {{className}}
            {
                public static Expr Input => {{InputText(program)}};

                public static Expr F(Expr x)
                {
            {{text._text}}    }
            }

            """.ReplaceLineEndings("\n");
    }

    /// <summary>The input and the statements of the function.</summary>
    public static string Statements(RandomProgram program)
    {
        var text = new SourceText();
        text._text.Append($"Expr x = {InputText(program)};\n");
        text.Write(program.Body, ["x"], "");
        return text._text.ToString();
    }

    private static string InputText(RandomProgram program) =>
        $"Constant({Operation.ArrayText(program.Input.ToArray())}, {Operation.ShapeText(program.Input.Shape)})";

    /// <summary>Statements that compute the result of a body whose parameters have names.</summary>
    private void Write(ProgramBody body, IReadOnlyList<string> parameters, string indent)
    {
        List<string> names = [.. parameters];
        foreach (var instruction in body.Instructions)
        {
            var operation = Vocabulary.Of(instruction.Operation);
            string[] bodies = [.. instruction.Bodies.Zip(
                operation.Parameters.Where(parameter => typeof(Delegate).IsAssignableFrom(parameter.ParameterType)),
                (inner, parameter) => WriteFunction(inner, Operation.ArityOf(parameter.ParameterType), [.. instruction.Captured.Select(value => names[value])], indent))];
            var name = Name("r");
            var formula = operation.Text([.. instruction.Operands.Select(value => names[value])], instruction.Numbers, bodies);
            _text.Append($"{indent}Expr {name} = {formula}; // {instruction.Shape}\n");
            names.Add(name);
        }

        _text.Append($"{indent}return {names[body.Result]};\n");
    }

    private string WriteFunction(ProgramBody body, int arity, string[] captured, string indent)
    {
        var name = Name("f");
        string[] arguments = [.. Enumerable.Range(0, arity).Select(_ => Name("p"))];
        _text.Append($"{indent}Func<{string.Join(", ", Enumerable.Repeat("Expr", arity + 1))}> {name} = ({string.Join(", ", arguments)}) =>\n{indent}{{\n");
        Write(body, [.. arguments, .. captured], indent + "    ");
        _text.Append($"{indent}}};\n");
        return name;
    }

    private string Name(string kind) => $"{kind}{_names++}";
}
