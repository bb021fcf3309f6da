// Types, and expressions made of numbers and of other expressions: vectors, matrices, reductions, and changes of shape.
namespace Autodiff

open System

/// <summary>One tensor-valued expression: an immutable node of a computational graph.</summary>
type Expr = Autodiff.Functional.Expr

/// <summary>The lengths of the axes of a tensor.</summary>
type Shape = Autodiff.Functional.Shape

/// <summary>The transforms with all their options, as methods.</summary>
type AD = Autodiff.Functional.AD

/// <summary>Functions over trees of expressions.</summary>
type Tree = Autodiff.Functional.Tree

/// <summary>Numbers that become expressions in operators and constructors.</summary>
[<AbstractClass; Sealed>]
type Operand =
    /// <summary>The expression itself.</summary>
    static member Of(x: Expr, _: Operand) = x

    /// <summary>A number as a constant.</summary>
    static member Of(x: float, _: Operand) : Expr = Expr.op_Implicit x

    /// <summary>A number as a constant.</summary>
    static member Of(x: int, _: Operand) : Expr = Expr.op_Implicit (float x)

    /// <summary>A number as a constant.</summary>
    static member Of(x: float32, _: Operand) : Expr = Expr.op_Implicit (float x)

/// <summary>Expressions made of numbers and of other expressions.</summary>
[<AutoOpen>]
module Expressions =

    /// <summary>An expression or a number as an expression.</summary>
    let inline operand (x: ^T) : Expr =
        let inline call (witness: ^W, value: ^V) = ((^W or ^V): (static member Of: ^V * ^W -> Expr) (value, witness))
        call (Unchecked.defaultof<Operand>, x)

    /// <summary>A number as an expression; an expression stays what it is.</summary>
    let inline scalar (x: ^T) : Expr =
        if obj.ReferenceEquals(typeof< ^T>, typeof<Expr>) then
            unbox<Expr> (box x)
        else
            Expr.op_Implicit (float x)

    /// The items of a sequence that an operation is given.
    let private items (operation: string) (sequence: seq<'T>) : 'T[] =
        match box sequence with
        | null -> raise (Autodiff.Functional.AutodiffException $"{operation}: the sequence is null.")
        | _ -> Seq.toArray sequence

    let private number (operation: string) (x: obj) : float =
        match x with
        | null -> raise (Autodiff.Functional.AutodiffException $"{operation}: an element is null.")
        | :? IConvertible as v when v.GetTypeCode() = TypeCode.Boolean || (v.GetTypeCode() >= TypeCode.SByte && v.GetTypeCode() <= TypeCode.Decimal) -> v.ToDouble Globalization.CultureInfo.InvariantCulture
        | _ -> raise (Autodiff.Functional.AutodiffException $"{operation}: an element is of type {x.GetType().Name}; elements are numbers or expressions.")

    /// Elements as numbers, or as expressions if one of them is an expression.
    let private elementsOf (operation: string) (sequence: seq<'T>) : Choice<float[], Expr[]> =
        match box (items operation sequence) with
        | :? (float[]) as numbers -> Choice1Of2 numbers
        | :? (Expr[]) as expressions when expressions.Length > 0 -> Choice2Of2 expressions
        | given ->
            let given = [| for x in unbox<'T[]> given -> box x |]

            if Array.exists (fun (x: obj) -> x :? Expr) given then
                Choice2Of2 [| for x in given -> match x with :? Expr as e -> e | other -> Expr.op_Implicit (number operation other) |]
            else
                Choice1Of2(Array.map (number operation) given)

    /// <summary>A vector of numbers or of scalar expressions.</summary>
    /// <example><code>vector [ 1.0; 2.0; 3.0 ]</code></example>
    let vector (elements: seq<'T>) : Expr =
        match elementsOf "vector" elements with
        | Choice1Of2 numbers -> Expr.op_Implicit numbers
        | Choice2Of2 expressions -> Expr.Stack expressions

    /// <summary>A matrix of rows of numbers or of scalar expressions.</summary>
    /// <example><code>matrix [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ]</code></example>
    let matrix (rows: seq<#seq<'T>>) : Expr = Expr.Stack [| for row in items "matrix" rows -> vector row |]

    /// <summary>A tensor of a shape with the given elements, numbers or scalar expressions, in row-major order.</summary>
    /// <example><code>tensor [ 2; 1; 2 ] [ 1; 2; 3; 4 ]</code></example>
    let tensor (shape: seq<int>) (elements: seq<'T>) : Expr =
        let shape = Shape(items "tensor" shape)

        match elementsOf "tensor" elements with
        | Choice1Of2 numbers -> Expr.Constant(numbers, shape)
        | Choice2Of2 expressions -> Expr.Reshape(Expr.Stack expressions, shape)

    /// <summary>A symbolic scalar: no value, so that what is built on it is a formula.</summary>
    let variable (name: string) : Expr = Expr.Variable name

    /// <summary>A symbolic variable of a shape.</summary>
    let variableOf (shape: seq<int>) (name: string) : Expr = Expr.Variable(name, Shape(items "variableOf" shape))

    /// <summary>A tensor of zeros of a shape.</summary>
    let zeros (shape: seq<int>) : Expr = Expr.Zeros(items "zeros" shape)

    /// <summary>A tensor of ones of a shape.</summary>
    let ones (shape: seq<int>) : Expr = Expr.Ones(items "ones" shape)

    /// <summary>The n×n identity matrix.</summary>
    let eye (n: int) : Expr = Expr.Eye n

    /// <summary>The vector 0, 1, …, n − 1.</summary>
    let arange (n: int) : Expr = Expr.Arange n

    /// <summary>n numbers at equal distances from the first to the last.</summary>
    let inline linspace first last (n: int) : Expr = Expr.Linspace(operand first, operand last, n)

    /// <summary>The sum of all elements.</summary>
    let sum (x: Expr) : Expr = Expr.Sum(x)

    /// <summary>The sums along an axis, which is dropped; −1 is the last.</summary>
    let sumAxis (axis: int) (x: Expr) : Expr = Expr.Sum(x, axis)

    /// <summary>The mean of all elements.</summary>
    let mean (x: Expr) : Expr = Expr.Mean x

    /// <summary>The means along an axis, which is dropped; −1 is the last.</summary>
    let meanAxis (axis: int) (x: Expr) : Expr = Expr.Mean(x, axis)

    /// <summary>The product of all elements.</summary>
    let prod (x: Expr) : Expr = Expr.Prod x

    /// <summary>The largest element.</summary>
    let maxOf (x: Expr) : Expr = Expr.MaxOf x

    /// <summary>The smallest element.</summary>
    let minOf (x: Expr) : Expr = Expr.MinOf x

    /// <summary>The Euclidean norm √Σx²; its derivative at 0 is 0.</summary>
    let norm (x: Expr) : Expr = Expr.Norm x

    /// <summary>The mean squared deviation from the mean, divided by the number of elements.</summary>
    let variance (x: Expr) : Expr = Expr.Var x

    /// <summary>The square root of the variance.</summary>
    let std (x: Expr) : Expr = Expr.Std x

    /// <summary>log Σ eˣ of all elements, without overflow.</summary>
    let logSumExp (x: Expr) : Expr = Expr.LogSumExp(x)

    /// <summary>eˣ / Σ eˣ along the last axis.</summary>
    let softmax (x: Expr) : Expr = Expr.Softmax x

    /// <summary>log(eˣ / Σ eˣ) along the last axis.</summary>
    let logSoftmax (x: Expr) : Expr = Expr.LogSoftmax x

    /// <summary>The running sums along the first axis.</summary>
    let cumsum (x: Expr) : Expr = Expr.CumSum x

    /// <summary>The running products along the first axis.</summary>
    let cumprod (x: Expr) : Expr = Expr.CumProd x

    /// <summary>The elements of the last axis in rising order.</summary>
    let sort (x: Expr) : Expr = Expr.Sort x

    /// <summary>Sums of products over named axes, as NumPy's <c>einsum</c>.</summary>
    /// <example><code>einsum "ij,jk->ik" [ a; b ]</code></example>
    let einsum (text: string) (operands: seq<Expr>) : Expr = Expr.Einsum(text, items "einsum" operands)

    /// <summary>The elements in another shape; one length may be −1.</summary>
    let reshape (shape: seq<int>) (x: Expr) : Expr = Expr.Reshape(x, items "reshape" shape)

    /// <summary>The tensor repeated to a shape it broadcasts to.</summary>
    let broadcastTo (shape: seq<int>) (x: Expr) : Expr = Expr.BroadcastTo(x, items "broadcastTo" shape)

    /// <summary>The axes in another order.</summary>
    let permute (order: seq<int>) (x: Expr) : Expr = Expr.Permute(x, items "permute" order)

    /// <summary>Tensors one after the other along their first axis.</summary>
    let concat (tensors: seq<Expr>) : Expr = Expr.Concat(items "concat" tensors)

    /// <summary>Tensors one after the other along an axis.</summary>
    let concatAxis (axis: int) (tensors: seq<Expr>) : Expr = Expr.Concat(items "concatAxis" tensors, axis)

    /// <summary>Tensors of one shape along a new first axis.</summary>
    let stack (tensors: seq<Expr>) : Expr = Expr.Stack(items "stack" tensors)

    /// <summary>Tensors of one shape along a new axis.</summary>
    let stackAxis (axis: int) (tensors: seq<Expr>) : Expr = Expr.Stack(items "stackAxis" tensors, axis)

    /// <summary>The elements at some positions of the first axis.</summary>
    let take (positions: seq<int>) (x: Expr) : Expr = Expr.Take(x, items "take" positions)

    /// <summary>The elements at some positions of an axis.</summary>
    let takeAxis (axis: int) (positions: seq<int>) (x: Expr) : Expr = Expr.Take(x, items "takeAxis" positions, axis)

    /// <summary>The elements along the first axis in reverse order.</summary>
    let flip (x: Expr) : Expr = Expr.Flip x

    /// <summary>a where a mask is not 0, and b elsewhere, elementwise. What is not chosen does not spoil the derivative.</summary>
    let inline where (mask: Expr) a b : Expr = Expr.Where(mask, operand a, operand b)

    /// <summary>The elements in row-major order.</summary>
    let toArray (x: Expr) : float[] = x.ToArray()

    /// <summary>The value of a scalar.</summary>
    let value (x: Expr) : float = x.Value

    /// <summary>The expression with values in the place of variables.</summary>
    /// <example><code>substitute [ x, y * 2 ] (sin x)</code></example>
    let substitute (replacements: seq<Expr * Expr>) (e: Expr) : Expr =
        e.Substitute [| for variable, value in items "substitute" replacements -> struct (variable, value) |]

    /// <summary>The value of a scalar with numbers for its variables, computed in the type of these numbers.</summary>
    /// <example><code>evaluate [ x, 1.5 ] (sin x * x)</code></example>
    let evaluate (at: seq<Expr * 'T>) (e: Expr) : 'T when 'T :> Numerics.INumberBase<'T> =
        e.Evaluate [| for variable, value in items "evaluate" at -> struct (variable, value) |]
