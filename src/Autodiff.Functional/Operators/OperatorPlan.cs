// How a differential operator is applied: for each degree its directions and their weights.

using System.Numerics.Tensors;
using Autodiff.Functional.Numerics;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

/// <summary>
/// The terms of an operator by degree: those of one degree either along directions, or as a power of an operator of lower degree, whichever
/// propagates fewer coefficients.
/// </summary>
internal sealed class OperatorPlan
{
    private readonly DifferentialOperator _operator;
    private readonly List<OperatorPart> _parts = [];
    private readonly List<(double Factor, OperatorPlan Root, int Power)> _powers = [];

    /// <param name="differentialOperator">The operator.</param>
    /// <param name="withPowers">Whether a part may be a power of another operator.</param>
    public OperatorPlan(DifferentialOperator differentialOperator, bool withPowers)
    {
        _operator = differentialOperator;
        foreach (var terms in differentialOperator.Parts.GroupBy(term => term.Index.Degree).Select(group => group.ToArray()))
        {
            var part = OperatorPart.Of(terms);
            if (withPowers && PowerOf(part, terms) is { } power)
            {
                _powers.Add(power);
            }
            else
            {
                _parts.Add(part);
            }
        }
    }

    /// <summary>The parts along directions, the highest degree first.</summary>
    public IReadOnlyList<OperatorPart> Parts => _parts;

    /// <summary>The parts that are a number times a power of another operator.</summary>
    public IReadOnlyList<(double Factor, OperatorPlan Root, int Power)> Powers => _powers;

    /// <summary>How many tensors are propagated for each one of the function, when the operator is applied once.</summary>
    private long Fields => 1 + _parts.Sum(part => (part.Directions.Shape[0] * (long)Math.Max(part.Degree - 1, 0)) + 1);

    /// <summary>A part as a number times a power, 2 or more, of an operator that is cheaper to apply repeatedly; null if there is none.</summary>
    private static (double Factor, OperatorPlan Root, int Power)? PowerOf(OperatorPart part, (MultiIndex Index, Expr Coefficient)[] terms)
    {
        if (!part.HasNumbers)
        {
            return null;
        }

        var direct = 1 + (part.Directions.Shape[0] * (part.Degree - 1L)) + 1;
        for (var power = part.Degree / 2; power >= 2; power--)
        {
            if (part.Degree % power == 0 && DifferentialOperator.RootOf(terms, power) is var (factor, root))
            {
                var plan = new OperatorPlan(root, withPowers: false);
                if (Math.Pow(plan.Fields, power) < direct)
                {
                    return (factor, plan, power);
                }
            }
        }

        return null;
    }

    /// <summary>An error if the operator differentiates in an element that an argument of a shape does not have.</summary>
    public void MustFit(string operation, Shape shape)
    {
        foreach (var (index, _) in _operator.Parts)
        {
            foreach (var (variable, _) in index.Powers)
            {
                if (variable >= shape.Size)
                {
                    throw new AutodiffException(
                        $"{operation}: the operator {_operator} differentiates in element {variable}, but the argument of shape {shape} has {(shape.Size == 1 ? "only element 0" : $"elements 0 to {shape.Size - 1}")}.");
                }
            }
        }
    }
}

/// <summary>
/// The terms of one degree k of an operator: Σ wᵣ cᵣ, where cᵣ is the coefficient of order k of the function along direction r.
/// </summary>
/// <param name="Degree">k.</param>
/// <param name="Variables">The variables that occur.</param>
/// <param name="Directions">The directions, in rows of a value for each variable.</param>
/// <param name="WeightsOfEach">A matrix with a row for each term: the weights of the directions in its partial derivative.</param>
/// <param name="Coefficients">The coefficients of the terms.</param>
internal sealed record OperatorPart(int Degree, int[] Variables, Expr Directions, Expr WeightsOfEach, Expr Coefficients)
{
    /// <summary>The weights of the directions.</summary>
    public Expr Weights => MatMul(Coefficients, WeightsOfEach);

    /// <summary>Whether the coefficients are finite numbers, of which a cheaper form can be computed.</summary>
    public bool HasNumbers => Coefficients.Op == Op.Constant && TensorPrimitives.IsFiniteAll<double>(Coefficients.Storage.Span);

    /// <summary>The part for some partial derivatives of one degree, each with the coefficient 1.</summary>
    public static OperatorPart Of(int degree, IReadOnlyList<MultiIndex> indices)
    {
        if (degree == 0)
        {
            return new(0, [], Zeros(1, 0), Ones(1, 1), Ones(1));
        }

        var plan = DirectionPlan.For(indices);
        return new(degree, plan.Variables, Rows(plan.Directions, plan.Variables.Length), Rows(plan.Weights, plan.Directions.Length), Ones(indices.Count));
    }

    /// <summary>The part of some terms of one degree.</summary>
    public static OperatorPart Of((MultiIndex Index, Expr Coefficient)[] terms)
    {
        var part = Of(terms[0].Index.Degree, [.. terms.Select(term => term.Index)]) with { Coefficients = Stack([.. terms.Select(term => term.Coefficient)]) };
        return part.Degree == 2 && part.HasNumbers && OfQuadraticForm(part, terms) is { } fewer && fewer.Directions.Shape[0] < part.Directions.Shape[0]
            ? fewer
            : part;
    }

    /// <summary>The directions as a stack of tensors of the argument's shape.</summary>
    public Expr In(Expr directions, Shape shape)
    {
        var count = directions.Shape[0];
        var columns = new double[Variables.Length * shape.Size];
        for (var i = 0; i < Variables.Length; i++)
        {
            columns[(i * shape.Size) + Variables[i]] = 1;
        }

        return Reshape(MatMul(directions, Constant(columns, new Shape(Variables.Length, shape.Size))), [count, .. shape.Lengths]);
    }

    /// <summary>Directions drawn with probabilities proportional to the magnitudes of their weights, and the weights by which each estimates the sum.</summary>
    public (Expr Directions, Expr Weights) Drawn(int samples, int seed)
    {
        var weights = Weights.Storage.Span.ToArray();
        var total = weights.Sum(Math.Abs);
        var random = new Random(seed);
        var drawn = new int[samples];
        for (var i = 0; i < samples; i++)
        {
            var left = random.NextDouble() * total;
            while (drawn[i] < weights.Length - 1 && (left -= Math.Abs(weights[drawn[i]])) >= 0)
            {
                drawn[i]++;
            }
        }

        return (Take(Directions, drawn, 0), Constant([.. drawn.Select(direction => total * ScalarFunctions.Sign(weights[direction]))], new Shape(samples)));
    }

    /// <summary>The part of terms of degree 2 with numbers as coefficients, along as many directions as the rank of their matrix.</summary>
    private static OperatorPart OfQuadraticForm(OperatorPart part, (MultiIndex Index, Expr Coefficient)[] terms)
    {
        var n = part.Variables.Length;
        var form = new double[n, n];
        foreach (var (index, coefficient) in terms)
        {
            int[] own = [.. index.Powers.SelectMany(each => Enumerable.Repeat(Array.BinarySearch(part.Variables, each.Variable), each.Power))];
            form[own[0], own[1]] += coefficient.Value / 2;
            form[own[1], own[0]] += coefficient.Value / 2;
        }

        var (directions, weights) = DirectionPlan.OfQuadraticForm(form);
        return new(2, part.Variables, Rows(directions, n), Rows([weights], weights.Length) * 2, Ones(1));
    }

    private static Expr Rows(double[][] rows, int columns) => Constant([.. rows.SelectMany(row => row)], new Shape(rows.Length, columns));
}
