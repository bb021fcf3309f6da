// A point of a domain: its value, simpler points to shrink a counterexample by, and coordinates along which one may step without leaving the domain.

using Autodiff.Functional.Verification.Domains;
using LanguageExt;

namespace Autodiff.Functional;

/// <summary>
/// A point of a <see cref="Domain{T}"/>: a value, simpler points of the same domain, and local coordinates, in which the domain says how far one
/// may step from the point.
/// </summary>
/// <remarks>
/// The coordinates are those of the domain, not always the elements of the value: a point of <see cref="Domain.Simplex"/> with n elements has n − 1
/// of them, along which the sum stays 1. Data, such as whole numbers, have none.
/// </remarks>
/// <typeparam name="T">The type of the value: an expression, or a tree of them.</typeparam>
public sealed class DomainPoint<T>
{
    private readonly (double Below, double Above)[] _room;
    private readonly Func<double[], Option<T>> _move;
    private readonly Func<IEnumerable<DomainPoint<T>>> _simpler;

    /// <summary>Makes a point.</summary>
    /// <param name="value">The value, which is where all coordinates are 0.</param>
    /// <param name="room">For each coordinate how far it may go, down (0 or negative) and up (0 or positive), if all others are 0.</param>
    /// <param name="move">From coordinates to the value there; none if that is outside the domain.</param>
    /// <param name="simpler">Simpler points, the simplest first.</param>
    internal DomainPoint(T value, (double Below, double Above)[] room, Func<double[], Option<T>> move, Func<IEnumerable<DomainPoint<T>>> simpler) =>
        (Value, _room, _move, _simpler) = (value, room, move, simpler);

    /// <summary>The value.</summary>
    public T Value { get; }

    /// <summary>The number of coordinates; 0 if one cannot step from the point.</summary>
    public int Dimension => _room.Length;

    /// <summary>Simpler points of the domain, the simplest first: what a counterexample is shrunk to as long as it remains one. Made when they are asked for.</summary>
    public IEnumerable<DomainPoint<T>> Simpler => _simpler();

    /// <summary>How far a coordinate may go down (0 or negative) and up (0 or positive) from the point, if all others are 0.</summary>
    /// <param name="coordinate">The number of the coordinate, from 0.</param>
    /// <exception cref="AutodiffException">There is no such coordinate.</exception>
    public (double Below, double Above) Room(int coordinate) => coordinate >= 0 && coordinate < Dimension
        ? _room[coordinate]
        : throw new AutodiffException($"DomainPoint.Room: there is no coordinate {coordinate}; this point has {Dimension}, from 0 on.");

    /// <summary>The value at other coordinates; none if that is outside the domain.</summary>
    /// <param name="coordinates">A number for each coordinate; all 0 is the point itself.</param>
    /// <exception cref="AutodiffException">There are more or fewer numbers than coordinates.</exception>
    public Option<T> Move(ReadOnlySpan<double> coordinates) => coordinates.Length == Dimension
        ? _move(coordinates.ToArray())
        : throw new AutodiffException($"DomainPoint.Move: {coordinates.Length} numbers are given, but this point has {Dimension} coordinates.");

    /// <summary>The value as a person reads it, and as C# code where it is an expression or a tuple of them.</summary>
    public override string ToString() => PointText.Of(Value);

    internal DomainPoint<TResult> Select<TResult>(Func<T, TResult> map) => new(
        map(Value),
        _room,
        at => _move(at).Map(map),
        () => Simpler.Select(point => point.Select(map)));

    internal DomainPoint<T> Where(Func<T, bool> predicate) => new(
        Value,
        _room,
        at => _move(at).Filter(predicate),
        () => Simpler.Where(point => predicate(point.Value)).Select(point => point.Where(predicate)));

    /// <summary>The pair of two points: the coordinates of the first, then those of the second.</summary>
    internal DomainPoint<TResult> With<TOther, TResult>(DomainPoint<TOther> other, Func<T, TOther, TResult> pair) => new(
        pair(Value, other.Value),
        [.. _room, .. other._room],
        at => _move(at[..Dimension]).Bind(first => other._move(at[Dimension..]).Map(second => pair(first, second))),
        () => SimplerPairs(other, pair));

    // Both together come first: where the shapes of both must agree, a smaller shape fits only if both have it.
    private IEnumerable<DomainPoint<TResult>> SimplerPairs<TOther, TResult>(DomainPoint<TOther> other, Func<T, TOther, TResult> pair) =>
    [
        .. Simpler.Zip(other.Simpler, (first, second) => first.With(second, pair)),
        .. Simpler.Select(first => first.With(other, pair)),
        .. other.Simpler.Select(second => With(second, pair)),
    ];
}
