// From a scalar Expr to an expression tree of .NET.

using System.Linq.Expressions;
using Autodiff.Functional.Elementwise;
using static System.Linq.Expressions.Expression;

namespace Autodiff.Functional.Interchange;

/// <summary>
/// Writes nodes as expressions of doubles, and masks as conditions, operands first. What is used more than once or is deeply nested is assigned to a
/// variable of the block that is the body of the lambda.
/// </summary>
internal sealed class LambdaWriter
{
    private const string Operation = "ToLambda";

    // How deep a statement of the block is nested at most. Compilers and printers of expression trees use recursion.
    private const int LargestDepth = 100;

    private readonly Dictionary<Expr, (Expression Text, int Depth)> _written = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Expr> _given = new(ReferenceEqualityComparer.Instance);
    private readonly List<ParameterExpression> _variables = [];
    private readonly List<Expression> _statements = [];

    private LambdaWriter()
    {
    }

    public static Expression<TDelegate> Write<TDelegate>(Expr root, ReadOnlySpan<Expr> variables)
        where TDelegate : Delegate
    {
        if (!root.IsScalar)
        {
            throw NotScalar(root);
        }

        var writer = new LambdaWriter();
        var parameters = new ParameterExpression[variables.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i] = writer.Give(variables[i]);
        }

        var result = Number(writer.WriteNodes(root));
        try
        {
            return Lambda<TDelegate>(writer._variables.Count == 0 ? result : Block(writer._variables, [.. writer._statements, result]), parameters);
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            throw new AutodiffException($"{Operation}: a {typeof(TDelegate)} is no function of {parameters.Length} double(s) to a double, as many as variables are given.", failure);
        }
    }

    private ParameterExpression Give(Expr variable)
    {
        if (variable is null)
        {
            throw AutodiffException.Null(Operation, "a variable");
        }

        if (variable.Op != Op.Variable)
        {
            throw new AutodiffException($"{Operation}: {variable.Op} is not a variable; only what Variable(name) made can be a parameter.");
        }

        var parameter = Parameter(typeof(double), variable.Name.IfNone("x"));
        if (!variable.IsScalar)
        {
            throw new ShapeException($"{Operation}: variable {parameter.Name} has shape {variable.Shape}, not (); the parameters are doubles.");
        }

        _written[variable] = (parameter, 0);
        return _given.Add(variable) ? parameter : throw new AutodiffException($"{Operation}: variable {parameter.Name} is given twice.");
    }

    private Expression WriteNodes(Expr root)
    {
        var order = new List<Expr>();
        var uses = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        PostOrder.Walk(root, node => uses.TryAdd(node, 0) && !_given.Contains(node), order.Add);
        var depends = new HashSet<Expr>(_given, ReferenceEqualityComparer.Instance);
        foreach (var node in order)
        {
            foreach (var operand in node.Operands)
            {
                uses[operand]++;
                if (depends.Contains(operand))
                {
                    depends.Add(node);
                }
            }
        }

        foreach (var node in order.Where(node => !_given.Contains(node)))
        {
            _written[node] = node.IsConcrete && !depends.Contains(node) ? (node.IsScalar ? Constant(node.Scalar) : Constant(node), 0) : Kept(WriteNode(node), Depth(node), uses[node]);
        }

        return _written[root].Text;
    }

    private int Depth(Expr node)
    {
        var depth = 0;
        foreach (var operand in node.Operands)
        {
            depth = Math.Max(depth, _written[operand].Depth + 1);
        }

        return depth;
    }

    private (Expression Text, int Depth) Kept(Expression text, int depth, int uses)
    {
        if (text is ParameterExpression or ConstantExpression || (uses <= 1 && depth < LargestDepth))
        {
            return (text, depth);
        }

        var variable = Variable(text.Type, $"t{_variables.Count + 1}");
        _variables.Add(variable);
        _statements.Add(Assign(variable, text));
        return (variable, 0);
    }

    private Expression WriteNode(Expr node)
    {
        if (!node.IsScalar)
        {
            throw NotScalar(node);
        }

        if (node.Op == Op.Variable)
        {
            return node.OperandCount == 1
                ? _written[node.Operand(0)].Text
                : throw new NotConcreteException($"{Operation}: variable {node.Name.IfNone("x")} has no value; give it as one of the parameters.");
        }

        if (!node.Op.IsElementwise())
        {
            throw new AutodiffException($"{Operation}: {node.Op} is not an elementwise function of numbers, so it has no expression tree.");
        }

        Expression[] operands = [.. node.Operands.Select(operand => _written[operand].Text)];
        return OfConditions(node.Op, operands) ?? OfNumbers(node.Op, Array.ConvertAll(operands, Number));
    }

    /// <summary>What is written with conditions instead of masks; null for all other nodes.</summary>
    private static Expression? OfConditions(Op op, Expression[] operands) => (op, operands) switch
    {
        (Op.Multiply, [var a, var b]) when IsCondition(a) && IsCondition(b) => AndAlso(a, b),
        (Op.Max, [var a, var b]) when IsCondition(a) && IsCondition(b) => OrElse(a, b),
        (Op.Equal, [var a, ConstantExpression { Value: 0.0 }]) when IsCondition(a) => Not(a),
        (Op.Where, [var mask, var a, var b]) => Expression.Condition(IsCondition(mask) ? mask : NotEqual(mask, Constant(0.0)), Number(a), Number(b)),
        _ => null,
    };

    private static Expression OfNumbers(Op op, Expression[] operands) => (op, operands) switch
    {
        (Op.Negate, [var x]) => Negate(x),
        (Op.PlusZero, [var x]) => Add(x, Constant(0.0)),
        (Op.Add, [var a, var b]) => Add(a, b),
        (Op.Subtract, [var a, var b]) => Subtract(a, b),
        (Op.Multiply, [var a, var b]) => Multiply(a, b),
        (Op.Divide, [var a, var b]) => Divide(a, b),
        (Op.Remainder, [var a, var b]) => Modulo(a, b),
        (Op.Less, [var a, var b]) => LessThan(a, b),
        (Op.LessOrEqual, [var a, var b]) => LessThanOrEqual(a, b),
        (Op.Greater, [var a, var b]) => GreaterThan(a, b),
        (Op.GreaterOrEqual, [var a, var b]) => GreaterThanOrEqual(a, b),
        (Op.Equal, [var a, var b]) => Equal(a, b),
        (Op.Relu, [var x]) => OfMath(Op.Max, x, Constant(0.0)),
        (Op.Clamp, [var x, var low, var high]) => OfMath(Op.Min, OfMath(Op.Max, x, low), high),
        (Op.Pow, [var x, var y]) => OfMath(Op.Pow, x, y),
        (Op.Exp2 or Op.Hypot, _) => Call(typeof(double).GetMethod(op.Name(), Doubles(operands))!, operands),
        _ when op.IsOfMath() => OfMath(op, operands),
        _ => OfLibrary(op, operands),
    };

    private static MethodCallExpression OfMath(Op op, params Expression[] operands) => Call(typeof(Math).GetMethod(op.Name(), Doubles(operands))!, operands);

    /// <summary>A function of the library: the public one of expressions, or else the internal one of doubles.</summary>
    private static Expression OfLibrary(Op op, Expression[] operands)
    {
        var type = op == Op.StopGradient ? typeof(AD) : typeof(Expr);
        if (type.GetMethod(op.Name(), Array.ConvertAll(operands, _ => typeof(Expr))) is { } method)
        {
            return Convert(Call(method, operands.Select(operand => Convert(operand, typeof(Expr)))), typeof(double));
        }

        if (op.HasOrder())
        {
            operands = [operands[0] is ConstantExpression { Value: double order } ? Constant((int)order) : Convert(operands[0], typeof(int)), .. operands[1..]];
        }

        return Call(ElementwiseTable.NumberMethod(op)!, operands);
    }

    private static Type[] Doubles(Expression[] operands) => Array.ConvertAll(operands, _ => typeof(double));

    private static Expression Number(Expression text) => IsCondition(text) ? Expression.Condition(text, Constant(1.0), Constant(0.0)) : text;

    private static bool IsCondition(Expression text) => text.Type == typeof(bool);

    private static ShapeException NotScalar(Expr node) => new(
        $"{Operation}: {node.Op} has shape {node.Shape}, not (); only formulas of numbers can be expression trees. Write the elements of tensors as numbers.");
}
