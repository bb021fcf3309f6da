// Finds the mutations of a file. What does not compile is left out later, by the compiler's own errors.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Autodiff.Campaigns.Mutations;

/// <summary>Walks one file. Texts of errors, attributes, constants, patterns and default values are not changed.</summary>
internal sealed class Mutator(string file, SemanticModel model) : CSharpSyntaxWalker
{
    private static readonly Dictionary<SyntaxKind, string[]> s_operators = new()
    {
        [SyntaxKind.AddExpression] = ["-"],
        [SyntaxKind.SubtractExpression] = ["+"],
        [SyntaxKind.MultiplyExpression] = ["/"],
        [SyntaxKind.DivideExpression] = ["*"],
        [SyntaxKind.ModuloExpression] = ["*"],
        [SyntaxKind.LessThanExpression] = ["<=", ">="],
        [SyntaxKind.LessThanOrEqualExpression] = ["<", ">"],
        [SyntaxKind.GreaterThanExpression] = [">=", "<="],
        [SyntaxKind.GreaterThanOrEqualExpression] = [">", "<"],
        [SyntaxKind.EqualsExpression] = ["!="],
        [SyntaxKind.NotEqualsExpression] = ["=="],
        [SyntaxKind.LogicalAndExpression] = ["||"],
        [SyntaxKind.LogicalOrExpression] = ["&&"],
        [SyntaxKind.BitwiseAndExpression] = ["|"],
        [SyntaxKind.BitwiseOrExpression] = ["&"],
        [SyntaxKind.ExclusiveOrExpression] = ["|"],
        [SyntaxKind.AddAssignmentExpression] = ["-="],
        [SyntaxKind.SubtractAssignmentExpression] = ["+="],
        [SyntaxKind.MultiplyAssignmentExpression] = ["/="],
        [SyntaxKind.DivideAssignmentExpression] = ["*="],
        [SyntaxKind.OrAssignmentExpression] = ["&="],
        [SyntaxKind.AndAssignmentExpression] = ["|="],
    };

    // Names that stand for each other's opposite or neighbour; of methods, and of members of Op.
    private static readonly Dictionary<string, string> s_names = Symmetric(
        ("Min", "Max"), ("Sin", "Cos"), ("First", "Last"), ("Floor", "Ceiling"), ("Any", "All"), ("Sinh", "Cosh"), ("Exp", "Log"), ("Asin", "Acos"),
        ("Less", "LessOrEqual"), ("Greater", "GreaterOrEqual"), ("Multiply", "Divide"), ("Add", "Subtract"), ("Zeros", "Ones"), ("GammaP", "GammaQ"),
        ("Erf", "Erfc"), ("Sum", "Mean"), ("IndexOf", "LastIndexOf"), ("Exists", "TrueForAll"), ("StartsWith", "EndsWith"), ("Skip", "Take"));

    // Their operands are not swapped.
    private static readonly HashSet<string> s_commutative =
        ["Max", "Min", "Sum", "Product", "Union", "Both", "Eq", "ReferenceEquals", "Equals", "Hypot", "SequenceEqual", "Same", "SameShapes", "Equal", "AreEqual", "Broadcast", "LogBeta", "Beta"];

    private readonly Dictionary<string, int> _alike = [];

    public List<Mutation> Mutations { get; } = [];

    public override void VisitAttributeList(AttributeListSyntax node)
    {
    }

    public override void VisitThrowStatement(ThrowStatementSyntax node)
    {
    }

    public override void VisitThrowExpression(ThrowExpressionSyntax node)
    {
    }

    public override void VisitInterpolatedStringExpression(InterpolatedStringExpressionSyntax node)
    {
    }

    public override void VisitParameter(ParameterSyntax node)
    {
    }

    public override void VisitEnumMemberDeclaration(EnumMemberDeclarationSyntax node)
    {
    }

    public override void VisitCaseSwitchLabel(CaseSwitchLabelSyntax node)
    {
    }

    public override void VisitConstantPattern(ConstantPatternSyntax node)
    {
    }

    public override void VisitRelationalPattern(RelationalPatternSyntax node)
    {
    }

    public override void VisitFieldDeclaration(FieldDeclarationSyntax node)
    {
        if (!node.Modifiers.Any(SyntaxKind.ConstKeyword))
        {
            base.VisitFieldDeclaration(node);
        }
    }

    public override void VisitLocalDeclarationStatement(LocalDeclarationStatementSyntax node)
    {
        if (!node.IsConst)
        {
            base.VisitLocalDeclarationStatement(node);
        }
    }

    public override void VisitObjectCreationExpression(ObjectCreationExpressionSyntax node)
    {
        if (!node.Type.ToString().EndsWith("Exception", StringComparison.Ordinal))
        {
            base.VisitObjectCreationExpression(node);
        }
    }

    public override void VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        base.VisitBinaryExpression(node);
        if (node.IsKind(SyntaxKind.CoalesceExpression))
        {
            if (node.Right is not ThrowExpressionSyntax)
            {
                Replace(node, node.Right.ToString());
            }
        }
        else if (model.GetTypeInfo(node).Type?.SpecialType != SpecialType.System_String)
        {
            foreach (var mutated in s_operators.GetValueOrDefault(node.Kind()) ?? [])
            {
                Replace(node, $"{node.Left} {mutated} {node.Right}");
            }
        }
    }

    public override void VisitAssignmentExpression(AssignmentExpressionSyntax node)
    {
        // Of an assignment only what is assigned is an expression with a value.
        Visit(node.Right);
        foreach (var mutated in s_operators.GetValueOrDefault(node.Kind()) ?? [])
        {
            Replace(node, $"{node.Left} {mutated} {node.Right}");
        }
    }

    public override void VisitPrefixUnaryExpression(PrefixUnaryExpressionSyntax node)
    {
        base.VisitPrefixUnaryExpression(node);
        switch (node.Kind())
        {
            case SyntaxKind.UnaryMinusExpression or SyntaxKind.LogicalNotExpression or SyntaxKind.BitwiseNotExpression:
                Replace(node, node.Operand.ToString());
                break;
            case SyntaxKind.PreIncrementExpression:
                Replace(node, $"--{node.Operand}");
                break;
            case SyntaxKind.PreDecrementExpression:
                Replace(node, $"++{node.Operand}");
                break;
        }
    }

    public override void VisitPostfixUnaryExpression(PostfixUnaryExpressionSyntax node)
    {
        base.VisitPostfixUnaryExpression(node);
        if (node.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression)
        {
            Replace(node, node.Operand + (node.IsKind(SyntaxKind.PostIncrementExpression) ? "--" : "++"));
        }
    }

    public override void VisitLiteralExpression(LiteralExpressionSyntax node)
    {
        switch (node.Token.Value)
        {
            case true:
                Replace(node, "false");
                break;
            case false:
                Replace(node, "true");
                break;
            case int value:
                Replace(node, value == 1 ? "0" : $"{value + 1L}");
                break;
            case double value when double.IsFinite(value):
                Replace(node, value == 1 ? "0.0" : FormattableString.Invariant($"({node.Token.Text} + 1.0)"));
                break;
        }
    }

    public override void VisitConditionalExpression(ConditionalExpressionSyntax node)
    {
        base.VisitConditionalExpression(node);
        Replace(node, $"{node.Condition} ? {node.WhenFalse} : {node.WhenTrue}");
    }

    public override void VisitIfStatement(IfStatementSyntax node)
    {
        base.VisitIfStatement(node);
        Negate(node.Condition);
    }

    public override void VisitWhileStatement(WhileStatementSyntax node)
    {
        base.VisitWhileStatement(node);
        Negate(node.Condition);
    }

    public override void VisitWhenClause(WhenClauseSyntax node)
    {
        base.VisitWhenClause(node);
        Negate(node.Condition);
    }

    public override void VisitMemberAccessExpression(MemberAccessExpressionSyntax node)
    {
        base.VisitMemberAccessExpression(node);
        if (node.Parent is not InvocationExpressionSyntax && model.GetTypeInfo(node.Expression).Type?.Name == "Op"
            && s_names.TryGetValue(node.Name.ToString(), out var other))
        {
            Replace(node, $"{node.Expression}.{other}");
        }
    }

    public override void VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        base.VisitInvocationExpression(node);
        var name = node.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Name,
            SimpleNameSyntax simple => simple,
            _ => null,
        };
        if (name is not null && s_names.TryGetValue(name.Identifier.Text, out var other))
        {
            Replace(node, node.ReplaceToken(name.Identifier, SyntaxFactory.Identifier(other)).ToString());
        }

        var arguments = node.ArgumentList.Arguments;
        for (var i = 0; i + 1 < arguments.Count && !s_commutative.Contains(name?.Identifier.Text ?? ""); i++)
        {
            var (first, second) = (arguments[i], arguments[i + 1]);
            if (first.ToString() != second.ToString() && first.NameColon is null && second.NameColon is null && first.RefKindKeyword.Span.IsEmpty && second.RefKindKeyword.Span.IsEmpty
                && model.GetTypeInfo(first.Expression).Type is { } type && SymbolEqualityComparer.Default.Equals(type, model.GetTypeInfo(second.Expression).Type))
            {
                var swapped = arguments.Replace(first, second.WithTriviaFrom(first));
                swapped = swapped.Replace(swapped[i + 1], first.WithTriviaFrom(second));
                Replace(node, node.WithArgumentList(node.ArgumentList.WithArguments(swapped)).ToString());
            }
        }
    }

    public override void VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        base.VisitExpressionStatement(node);
        Add(node, "");
    }

    public override void VisitBreakStatement(BreakStatementSyntax node)
    {
        if (node.Parent is not SwitchSectionSyntax)
        {
            Add(node, "");
        }
    }

    public override void VisitContinueStatement(ContinueStatementSyntax node) => Add(node, "");

    public override void VisitReturnStatement(ReturnStatementSyntax node)
    {
        base.VisitReturnStatement(node);
        if (node.Expression is null)
        {
            Add(node, "");
        }
        else if (model.GetEnclosingSymbol(node.SpanStart) is IMethodSymbol method)
        {
            ReturnNull(node.Expression, method.ReturnType);
        }
    }

    public override void VisitArrowExpressionClause(ArrowExpressionClauseSyntax node)
    {
        base.VisitArrowExpressionClause(node);
        if (model.GetEnclosingSymbol(node.Expression.SpanStart) is IMethodSymbol { ReturnsVoid: false } method)
        {
            ReturnNull(node.Expression, method.ReturnType);
        }
    }

    public override void VisitSwitchExpressionArm(SwitchExpressionArmSyntax node)
    {
        base.VisitSwitchExpressionArm(node);
        if (model.GetTypeInfo(node.Parent!).ConvertedType is { } type)
        {
            ReturnNull(node.Expression, type);
        }
    }

    /// <summary>Null is a structural zero, or "there is none", where a result may be null.</summary>
    private void ReturnNull(ExpressionSyntax expression, ITypeSymbol type)
    {
        if (type is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.Annotated }
            && expression is not LiteralExpressionSyntax and not ThrowExpressionSyntax and not SwitchExpressionSyntax)
        {
            Replace(expression, "null");
        }
    }

    private void Negate(ExpressionSyntax condition)
    {
        // Comparisons are negated as binary expressions, and a negation by leaving it out.
        if (condition is not BinaryExpressionSyntax { RawKind: not (int)SyntaxKind.LogicalAndExpression and not (int)SyntaxKind.LogicalOrExpression }
            and not PrefixUnaryExpressionSyntax)
        {
            Replace(condition, $"!({condition})");
        }
    }

    private void Replace(ExpressionSyntax node, string mutated)
    {
        if (node.Parent is ExpressionStatementSyntax statement)
        {
            Add(statement, mutated + ";");
        }
        else if (!DeclaresVariables(node) && model.GetTypeInfo(node).Type?.SpecialType != SpecialType.System_Void && !IsConstantOrPlace(node))
        {
            Add(node, mutated);
        }
    }

    private static bool DeclaresVariables(SyntaxNode node) => node.DescendantNodesAndSelf().Any(child => child is SingleVariableDesignationSyntax);

    /// <summary>Whether the expression must be a constant, or a place in memory.</summary>
    private static bool IsConstantOrPlace(ExpressionSyntax node) => node.Parent switch
    {
        ArgumentSyntax argument => !argument.RefKindKeyword.Span.IsEmpty,
        AssignmentExpressionSyntax assignment => assignment.Left == node,
        RefExpressionSyntax or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.AddressOfExpression } => true,
        _ => false,
    };

    private void Add(SyntaxNode node, string mutated)
    {
        var member = node.Ancestors().OfType<MemberDeclarationSyntax>().FirstOrDefault();
        var name = member switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            PropertyDeclarationSyntax property => property.Identifier.Text,
            ConstructorDeclarationSyntax => "constructor",
            OperatorDeclarationSyntax op => "operator " + op.OperatorToken.Text,
            FieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
            IndexerDeclarationSyntax => "this[]",
            TypeDeclarationSyntax type => type.Identifier.Text,
            _ => member?.Kind().ToString() ?? "",
        };
        var isStatic = member is FieldDeclarationSyntax or ConstructorDeclarationSyntax && member.Modifiers.Any(SyntaxKind.StaticKeyword)
            || (member is PropertyDeclarationSyntax { Initializer: not null } && member.Modifiers.Any(SyntaxKind.StaticKeyword));
        var key = $"{file} | {name} | {Line(node.ToString())} → {(mutated.Length == 0 ? "removed" : Line(mutated))}";
        var count = _alike[key] = _alike.GetValueOrDefault(key) + 1;
        Mutations.Add(new Mutation(0, file, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, count == 1 ? key : $"{key} | {count}", node, mutated, isStatic));
    }

    private static string Line(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static Dictionary<string, string> Symmetric(params (string A, string B)[] pairs) =>
        pairs.Concat(pairs.Select(pair => (pair.B, pair.A))).ToDictionary(pair => pair.Item1, pair => pair.Item2);
}
