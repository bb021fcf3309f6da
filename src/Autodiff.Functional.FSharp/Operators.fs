// F#'s operators and functions that cannot choose an expression by its type alone.
namespace Autodiff

/// <summary>Signs of numbers and of expressions.</summary>
[<AbstractClass; Sealed>]
type SignOf =
    /// <summary>The sign of every element, as an expression.</summary>
    static member Of(x: Expr, _: SignOf) : Expr = Expr.Sign x

    /// <summary>The sign, −1, 0 or 1.</summary>
    static member Of(x: float, _: SignOf) : int = FSharp.Core.Operators.sign x

    /// <summary>The sign, −1, 0 or 1.</summary>
    static member Of(x: int, _: SignOf) : int = FSharp.Core.Operators.sign x

    /// <summary>The sign, −1, 0 or 1, of a number of any other type that has one.</summary>
    static member inline Of(x: ^T, _: obj) : int = FSharp.Core.Operators.sign x

    /// <summary>For no type: beside it the overload for all types is not taken before the type is known.</summary>
    static member inline Of(_: ^T when ^T: null and ^T: struct, _: obj) = id

/// <summary>Comparisons that give masks, and functions of F# with the library's derivatives.</summary>
[<AutoOpen>]
module Operators =

    /// <summary>1 where a &gt; b, and 0 elsewhere.</summary>
    let inline (>.) a b : Expr = Expr.op_GreaterThan (operand a, operand b)

    /// <summary>1 where a &lt; b, and 0 elsewhere.</summary>
    let inline (<.) a b : Expr = Expr.op_LessThan (operand a, operand b)

    /// <summary>1 where a ≥ b, and 0 elsewhere.</summary>
    let inline (>=.) a b : Expr = Expr.op_GreaterThanOrEqual (operand a, operand b)

    /// <summary>1 where a ≤ b, and 0 elsewhere.</summary>
    let inline (<=.) a b : Expr = Expr.op_LessThanOrEqual (operand a, operand b)

    /// <summary>1 where a = b, and 0 elsewhere.</summary>
    let inline (=.) a b : Expr = Expr.Eq(operand a, operand b)

    /// <summary>1 where a ≠ b, and 0 elsewhere.</summary>
    let inline (<>.) a b : Expr = Expr.op_LogicalNot (Expr.Eq(operand a, operand b))

    /// <summary>The sign of a number, or of every element of an expression.</summary>
    let inline sign (x: ^T) =
        let inline call (witness: ^W, value: ^V) = ((^W or ^V): (static member Of: ^V * ^W -> _) (value, witness))
        call (Unchecked.defaultof<SignOf>, x)

    /// <summary>The larger of two numbers, or of the elements of two expressions, where each of two equal ones has half of the derivative.</summary>
    let inline max (a: 'T) (b: 'T) : 'T when 'T: comparison =
        if obj.ReferenceEquals(typeof<'T>, typeof<Expr>) then
            unbox (box (Expr.Max(unbox<Expr> (box a), unbox<Expr> (box b))))
        else
            FSharp.Core.Operators.max a b

    /// <summary>The smaller of two numbers, or of the elements of two expressions, where each of two equal ones has half of the derivative.</summary>
    let inline min (a: 'T) (b: 'T) : 'T when 'T: comparison =
        if obj.ReferenceEquals(typeof<'T>, typeof<Expr>) then
            unbox (box (Expr.Min(unbox<Expr> (box a), unbox<Expr> (box b))))
        else
            FSharp.Core.Operators.min a b

    /// <summary>A whole power of a number, or of every element of an expression.</summary>
    let inline pown (x: ^T) (n: int) : ^T =
        if obj.ReferenceEquals(typeof< ^T>, typeof<Expr>) then
            unbox (box (Expr.Pow(unbox<Expr> (box x), n)))
        else
            FSharp.Core.Operators.pown x n
