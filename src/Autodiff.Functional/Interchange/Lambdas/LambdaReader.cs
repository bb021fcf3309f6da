// From an expression tree of .NET to an Expr. The tree is walked with an explicit stack and each of its nodes is read once, so a deep tree, or
// one that holds a node in many places, costs its number of nodes.

using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Interchange;

/// <summary>
/// Reads the body of a lambda over doubles. A part that reads no parameter, such as a captured local, is computed by .NET and becomes a constant. Of
/// the other parts the numbers become expressions and the conditions masks.
/// </summary>
internal sealed class LambdaReader
{
    private const string Operation = "FromLambda";

    // The largest part of a lambda that an error shows.
    private const int LargestShown = 60;

    // What each node is as an expression; null if it reads no parameter.
    private readonly Dictionary<Expression, Expr?> _read = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Expression> _assignments = new(ReferenceEqualityComparer.Instance);

    private LambdaReader()
    {
    }

    /// <summary>The body of a lambda with expressions in place of its parameters.</summary>
    public static Expr Read(LambdaExpression lambda, ReadOnlySpan<Expr> arguments)
    {
        var reader = new LambdaReader();
        for (var i = 0; i < arguments.Length; i++)
        {
            reader._read.Add(lambda.Parameters[i], arguments[i]);
        }

        if (!reader._read.ContainsKey(lambda.Body))
        {
            reader.Walk(lambda.Body);
        }

        return reader.NumberAt(lambda.Body);
    }

    private void Walk(Expression root)
    {
        var path = new Stack<(Expression Node, IReadOnlyList<Expression> Parts, int Next)>();
        path.Push((root, PartsOf(root), 0));
        while (path.TryPop(out var step))
        {
            var (node, parts, next) = step;
            while (next < parts.Count && _read.ContainsKey(parts[next]))
            {
                next++;
            }

            if (next < parts.Count)
            {
                path.Push((node, parts, next + 1));
                path.Push((parts[next], PartsOf(parts[next]), 0));
            }
            else
            {
                _read[node] = Visit(node, parts);
            }
        }
    }

    private IReadOnlyList<Expression> PartsOf(Expression node)
    {
        switch (node)
        {
            case BlockExpression block:
                _assignments.UnionWith(block.Expressions.Where(statement => statement is BinaryExpression { NodeType: ExpressionType.Assign, Left: ParameterExpression variable } && block.Variables.Contains(variable)));
                return block.Expressions;
            case BinaryExpression { NodeType: ExpressionType.Assign, Left: ParameterExpression } assignment when _assignments.Contains(assignment):
                return [assignment.Right];
            case LambdaExpression inner:
                foreach (var parameter in inner.Parameters)
                {
                    _read.TryAdd(parameter, null);
                }

                return [inner.Body];
            default:
                return Parts.Of(node);
        }
    }

    private Expr? Visit(Expression node, IReadOnlyList<Expression> parts)
    {
        if (node is ParameterExpression unknown)
        {
            throw new AutodiffException($"{Operation}: {unknown.Name ?? "a variable"} is neither a parameter of the lambda nor assigned before it is read.");
        }

        return node switch
        {
            BinaryExpression { NodeType: ExpressionType.Assign } assignment => Assigned(assignment),
            BlockExpression block => NumberAt(block.Result),
            _ when parts.All(part => _read[part] is null) => null,
            BinaryExpression binary => Binary(binary),
            UnaryExpression unary => Unary(unary),
            ConditionalExpression choice when IsNumber(choice.Type) || choice.Type == typeof(int) => Expr.Where(NumberAt(choice.Test), NumberAt(choice.IfTrue), NumberAt(choice.IfFalse)),
            MethodCallExpression call => Call(call),
            InvocationExpression call when call.Type == typeof(Expr) && _read[call.Expression] is null => Invoke(node, Value(call.Expression), nameof(Action.Invoke), call.Arguments),
            InvocationExpression => throw NoCounterpart(node, "the code of a delegate cannot be read. Write its formula in the lambda, or call a function from Expr to Expr"),
            _ => throw NoCounterpart(node),
        };
    }

    private Expr Assigned(BinaryExpression assignment)
    {
        if (!_assignments.Contains(assignment))
        {
            throw NoCounterpart(assignment, "only a variable of a block can be assigned, by a statement of that block");
        }

        var value = NumberAt(assignment.Right);
        return _read.TryAdd(assignment.Left, value) ? value : throw NoCounterpart(assignment, "a variable can be assigned once");
    }

    private Expr Binary(BinaryExpression node)
    {
        if (!(IsNumber(node.Left.Type) && IsNumber(node.Right.Type)) && !(IsComparison(node.NodeType) && node.Left.Type == typeof(int)))
        {
            throw NoCounterpart(node, $"this is arithmetic of {node.Left.Type.Name}, not of double");
        }

        var (a, b) = (NumberAt(node.Left), NumberAt(node.Right));
        return node.NodeType switch
        {
            ExpressionType.Add or ExpressionType.AddChecked => a + b,
            ExpressionType.Subtract or ExpressionType.SubtractChecked => a - b,
            ExpressionType.Multiply or ExpressionType.MultiplyChecked => a * b,
            ExpressionType.Divide => a / b,
            ExpressionType.Modulo => a % b,
            ExpressionType.Power => Expr.Pow(a, b),
            ExpressionType.LessThan => a < b,
            ExpressionType.LessThanOrEqual => a <= b,
            ExpressionType.GreaterThan => a > b,
            ExpressionType.GreaterThanOrEqual => a >= b,
            ExpressionType.Equal when node.Type == typeof(bool) && node.Left.Type != typeof(Expr) => Expr.Eq(a, b),
            ExpressionType.NotEqual or ExpressionType.ExclusiveOr when node.Type == typeof(bool) && node.Left.Type != typeof(Expr) => !Expr.Eq(a, b),
            ExpressionType.And or ExpressionType.AndAlso => a & b,
            ExpressionType.Or or ExpressionType.OrElse => a | b,
            _ => throw NoCounterpart(node),
        };
    }

    private Expr Unary(UnaryExpression node) => node.NodeType switch
    {
        ExpressionType.Negate or ExpressionType.NegateChecked when IsNumber(node.Type) => -NumberAt(node.Operand),
        ExpressionType.UnaryPlus when IsNumber(node.Type) => NumberAt(node.Operand),
        ExpressionType.Not or ExpressionType.IsFalse when IsNumber(node.Operand.Type) => !NumberAt(node.Operand),
        ExpressionType.IsTrue when IsNumber(node.Operand.Type) => NumberAt(node.Operand),
        ExpressionType.Convert or ExpressionType.ConvertChecked when IsNumber(node.Type) && (IsNumber(node.Operand.Type) || node.Operand.Type == typeof(int)) => NumberAt(node.Operand),
        ExpressionType.Convert or ExpressionType.ConvertChecked => throw NoCounterpart(node, $"a {node.Type.Name} made of a parameter is no double; Math.Truncate, Floor and Round have counterparts"),
        _ => throw NoCounterpart(node),
    };

    private Expr Call(MethodCallExpression call)
    {
        var (method, type) = (call.Method, call.Method.DeclaringType);
        if (type == typeof(Math) || type == typeof(double))
        {
            // The object of an instance method is no argument, and such a method has no counterpart.
            var numbers = call.Arguments.Where(argument => argument.Type == typeof(double)).Select(NumberAt).ToArray();
            var others = call.Arguments.Where(argument => argument.Type != typeof(double)).Select(Value).ToArray();
            return (method.IsStatic ? MathCounterparts.Apply(method.Name, numbers, others) : null) ?? throw NoCounterpart(call);
        }

        if (type == typeof(ScalarFunctions) && Enum.TryParse<Op>(method.Name, out var op))
        {
            Expr[] operands = [.. call.Arguments.Select(NumberAt)];
            return operands switch
            {
                [var x] => Expr.Apply(op, x),
                [var x, var y] => Expr.Apply(op, x, y),
                _ => Expr.Apply(op, operands[0], operands[1], operands[2]),
            };
        }

        return method.ReturnType != typeof(Expr)
            ? throw NoCounterpart(call, "only methods of Math and double, and those that return an Expr, have one")
            : Invoked(call, () => method.Invoke(call.Object is null ? null : ObjectAt(call.Object), [.. call.Arguments.Select(ObjectAt)]));
    }

    /// <summary>A function of expressions, called with the expressions.</summary>
    private Expr Invoke(Expression call, object? function, string name, IReadOnlyList<Expression> arguments) => function is Delegate code
        ? Invoked(call, () => code.DynamicInvoke([.. arguments.Select(ObjectAt)]))
        : throw AutodiffException.Null(Operation, $"what {name} is called on");

    private static Expr Invoked(Expression call, Func<object?> invoke)
    {
        try
        {
            return invoke() as Expr ?? throw AutodiffException.Null(Operation, $"the result of {Text(call)}");
        }
        catch (TargetInvocationException failure) when (failure.InnerException is AutodiffException inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
        catch (Exception failure) when (failure is not AutodiffException)
        {
            throw Failed(call, failure);
        }
    }

    /// <summary>A number or a condition as an expression.</summary>
    private Expr NumberAt(Expression node) => _read[node] ?? Value(node) switch
    {
        double number => number,
        int number => number,
        bool condition => condition ? 1 : 0,
        Expr expression => expression,
        null => throw AutodiffException.Null(Operation, Text(node)),
        var other => throw NoCounterpart(node, $"a {other.GetType().Name} is no number"),
    };

    private object? ObjectAt(Expression node) => node.Type == typeof(Expr) ? NumberAt(node) : Value(node);

    /// <summary>What .NET computes for a part that reads no parameter.</summary>
    private object? Value(Expression node)
    {
        if (_read[node] is not null)
        {
            throw NoCounterpart(node, $"a {node.Type.Name} that depends on a parameter is given where a value is needed");
        }

        try
        {
            return node switch
            {
                ConstantExpression constant => constant.Value,
                MemberExpression { Member: FieldInfo field, Expression: ConstantExpression owner } when owner.Value is not null => field.GetValue(owner.Value),
                _ => Expression.Lambda<Func<object?>>(Expression.Convert(node, typeof(object))).Compile(preferInterpretation: true)(),
            };
        }
        catch (Exception failure) when (failure is not AutodiffException)
        {
            throw Failed(node, failure);
        }
    }

    private static bool IsNumber(Type type) => type == typeof(double) || type == typeof(bool) || type == typeof(Expr);

    private static bool IsComparison(ExpressionType type) => type is ExpressionType.LessThan or ExpressionType.LessThanOrEqual
        or ExpressionType.GreaterThan or ExpressionType.GreaterThanOrEqual or ExpressionType.Equal or ExpressionType.NotEqual;

    private static AutodiffException Failed(Expression node, Exception failure) =>
        new($"{Operation}: {Text(node)} could not be computed: {(failure as TargetInvocationException)?.InnerException?.Message ?? failure.Message}", failure);

    private static AutodiffException NoCounterpart(Expression node, string? reason = null) =>
        new($"{Operation}: {Text(node)} has no counterpart among the functions of expressions" + (reason is null ? "." : $": {reason}."));

    /// <summary>A part of the lambda as text; only what it is, if it is large, since .NET writes it by recursion.</summary>
    private static string Text(Expression node)
    {
        var name = node is MethodCallExpression call ? $"{call.Method.DeclaringType?.Name}.{call.Method.Name}" : node.NodeType.ToString();
        var size = 0;
        var open = new Stack<Expression>([node]);
        while (size <= LargestShown && open.TryPop(out var next))
        {
            size++;
            foreach (var part in Parts.Of(next))
            {
                open.Push(part);
            }
        }

        return size <= LargestShown ? $"{name}, in {node}," : name;
    }

    /// <summary>The parts of a node of any kind. A visitor visits the parts of the first node that it meets, and only notes these.</summary>
    private sealed class Parts : ExpressionVisitor
    {
        private readonly List<Expression> _found = [];
        private bool _isInside;

        public static List<Expression> Of(Expression node)
        {
            var parts = new Parts();
            parts.Visit(node);
            return parts._found;
        }

        public override Expression? Visit(Expression? node)
        {
            if (_isInside && node is not null)
            {
                _found.Add(node);
                return node;
            }

            _isInside = true;
            return base.Visit(node);
        }
    }
}
