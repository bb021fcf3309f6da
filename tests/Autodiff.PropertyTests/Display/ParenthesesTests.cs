// Printed formulas read back: by a parser of the documented grammar that knows nothing of how they are printed.

using System.Globalization;
using FsCheck.Xunit;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Display;

public class ParenthesesTests
{
    private static readonly Expr[] s_leaves = [Variable("x"), Variable("y"), Variable("z"), 2, -3, 0.5];

    [Property(MaxTest = 2000)]
    public void A_formula_reads_back_as_the_same_computation(byte[] program, double x, double y, double z)
    {
        var expression = Run(program);
        var values = new Dictionary<string, double> { ["x"] = x, ["y"] = y, ["z"] = z };
        foreach (var line in expression.ToFormula().Split('\n'))
        {
            var parts = line.Split(" = ");
            var tree = Parser.Parse(parts[^1])!;
            values[parts.Length == 2 ? parts[0]["let ".Length..] : "result"] = tree.Evaluate(values);
        }

        var value = expression.Substitute((s_leaves[0], x), (s_leaves[1], y), (s_leaves[2], z)).Value;
        Assert.Equal(Bits(value), Bits(values["result"]));
    }

    [Fact]
    public void The_sign_of_an_exponent_belongs_to_its_number()
    {
        byte[] program = [19, 20, 217, 4, 57, 39, 14];
        Assert.Contains("E+", Run(program).ToFormula(), StringComparison.Ordinal);
        A_formula_reads_back_as_the_same_computation(program, 0, 0, 0);
    }

    [Property(MaxTest = 2000)]
    public void No_pair_of_parentheses_can_be_left_out(byte[] program)
    {
        foreach (var line in Run(program).ToFormula().Split('\n'))
        {
            var text = line.Split(" = ")[^1];
            var tree = Parser.Parse(text);
            foreach (var (open, close) in Pairs(text))
            {
                Assert.NotEqual(tree, Parser.Parse(text.Remove(close, 1).Remove(open, 1)));
            }
        }
    }

    /// <summary>A program for a stack machine: leaves are pushed, operations pop their operands, and the top is doubled.</summary>
    private static Expr Run(byte[] program)
    {
        var stack = new Stack<Expr>([s_leaves[0]]);
        foreach (var code in program)
        {
            var right = stack.Pop();
            if (code % 16 < 6)
            {
                stack.Push(right);
                stack.Push(s_leaves[code % 16]);
            }
            else if (code % 16 == 6)
            {
                stack.Push(-right);
            }
            else if (code % 16 == 7)
            {
                stack.Push(right);
                stack.Push(right);
            }
            else if (!stack.TryPop(out var left))
            {
                stack.Push(right);
            }
            else
            {
                stack.Push((code % 5) switch
                {
                    0 => left + right,
                    1 => left - right,
                    2 => left * right,
                    3 => left / right,
                    _ => Pow(left, right),
                });
            }
        }

        return stack.Aggregate((right, left) => left - right);
    }

    /// <summary>The bits of a double, the same for every NaN: equality that tells 0 from −0.</summary>
    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(double.IsNaN(value) ? double.NaN : value);

    private static IEnumerable<(int Open, int Close)> Pairs(string text)
    {
        var opened = new Stack<int>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '(')
            {
                opened.Push(i);
            }
            else if (text[i] == ')')
            {
                yield return (opened.Pop(), i);
            }
        }
    }

    /// <summary>A number, a name, or an operation ('~' is the unary minus). Compared by structure.</summary>
    private sealed record Tree(string Symbol, Tree? Left = null, Tree? Right = null)
    {
        public double Evaluate(IReadOnlyDictionary<string, double> values) => (Symbol, Left, Right) switch
        {
            ("~", var a, _) when a is not null => -a.Evaluate(values),
            ("+", var a, var b) => a!.Evaluate(values) + b!.Evaluate(values),
            ("-", var a, var b) => a!.Evaluate(values) - b!.Evaluate(values),
            ("*", var a, var b) => a!.Evaluate(values) * b!.Evaluate(values),
            ("/", var a, var b) => a!.Evaluate(values) / b!.Evaluate(values),
            ("^", var a, var b) => Pow(a!.Evaluate(values), b!.Evaluate(values)).Value,
            _ => values.TryGetValue(Symbol, out var value) ? value : double.Parse(Symbol, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Recursive descent through the grammar: sum, signed, product, power, atom.</summary>
    private sealed class Parser(string text)
    {
        private int _at;

        private char Next => _at < text.Length ? text[_at] : '\0';

        /// <summary>The tree of a text, or null if the grammar does not have it.</summary>
        public static Tree? Parse(string text)
        {
            var parser = new Parser(text.Replace(" ", "", StringComparison.Ordinal));
            try
            {
                var tree = parser.Sum();
                return parser.Next == '\0' ? tree : null;
            }
            catch (FormatException)
            {
                return null;
            }
        }

        private Tree Sum()
        {
            var left = Product(Take('-') ? new Tree("~", Power()) : Power());
            while (Next is '+' or '-')
            {
                left = new($"{text[_at++]}", left, Product(Power()));
            }

            return left;
        }

        private Tree Product(Tree left)
        {
            while (Next is '*' or '/')
            {
                left = new($"{text[_at++]}", left, Power());
            }

            return left;
        }

        private Tree Power()
        {
            var left = Atom();
            return Take('^') ? new("^", left, Power()) : left;
        }

        private Tree Atom()
        {
            if (Take('('))
            {
                var inner = Sum();
                return Take(')') ? inner : throw new FormatException(text);
            }

            var start = _at;
            while (char.IsLetterOrDigit(Next) || Next == '.' || (Next is '+' or '-' && _at > start && text[_at - 1] == 'E'))
            {
                _at++;
            }

            return _at > start ? new(text[start.._at]) : throw new FormatException(text);
        }

        private bool Take(char sign)
        {
            var found = Next == sign;
            _at += found ? 1 : 0;
            return found;
        }
    }
}
