// The transforms, curried: each takes a function and returns a function. The types of parameters are expressions or trees of them: tuples, records, unions, lists,
// maps and options.
namespace Autodiff

open System

/// <summary>Derivatives, batches and compilation of functions.</summary>
[<AutoOpen>]
module Transforms =

    /// <summary>The gradient of a function to a scalar, a tree like the argument.</summary>
    /// <example><code>grad (fun x -> sin x * x) (scalar 1.0)</code></example>
    let grad (f: 'T -> Expr) : 'T -> 'T =
        let g = AD.Grad<'T>(Func<'T, Expr> f)
        fun x -> g.Invoke x

    /// <summary>The value of a function to a scalar, and its gradient, from one sweep.</summary>
    let valueAndGrad (f: 'T -> Expr) : 'T -> Expr * 'T =
        let g = AD.ValueAndGrad<'T>(Func<'T, Expr> f)

        fun x ->
            let struct (value, gradient) = g.Invoke x
            value, gradient

    /// <summary>The derivative of an order of a function of one number, or of numbers elementwise.</summary>
    let diff (order: int) (f: Expr -> Expr) : Expr -> Expr =
        let g = AD.Diff(Func<Expr, Expr> f, order)
        fun x -> g.Invoke x

    /// <summary>The derivatives of a function of one number up to an order; the value comes first.</summary>
    let derivatives (order: int) (f: Expr -> Expr) : Expr -> Expr list =
        let g = AD.Derivatives(Func<Expr, Expr> f, order)
        fun x -> List.ofSeq (g.Invoke x)

    /// <summary>The coefficients of the Taylor series of a function of one number up to an order; the value comes first.</summary>
    let taylor (order: int) (f: Expr -> Expr) : Expr -> Expr list =
        let g = AD.Taylor(Func<Expr, Expr> f, order)
        fun x -> List.ofSeq (g.Invoke x)

    /// <summary>The Jacobian: for each leaf of the argument, the axes of the result before those of the leaf.</summary>
    let jacobian (f: 'T -> Expr) : 'T -> 'T =
        let g = AD.Jacobian<'T>(Func<'T, Expr> f)
        fun x -> g.Invoke x

    /// <summary>The Jacobians of all leaves of the result, a tree like the result: for each leaf, its axes before those of the argument.</summary>
    /// <example><code>jacobians (fun x -> x * x, sum x) (vector [ 1.0; 2.0 ])</code></example>
    let jacobians (f: Expr -> 'Result) : Expr -> 'Result =
        let g = AD.Jacobian<'Result>(Func<Expr, 'Result> f, null)
        fun x -> g.Invoke x

    /// <summary>The Hessian of a function to a scalar. Of a tree it is a matrix over all elements, in the order of the leaves.</summary>
    let hessian (f: 'T -> Expr) : 'T -> Expr =
        if typeof<'T> = typeof<Expr> then
            let g = AD.Hessian(unbox<Func<Expr, Expr>> (box (Func<'T, Expr> f)))
            fun x -> g.Invoke(unbox<Expr> (box x))
        else
            let g = AD.Hessian<'T>(Func<'T, Expr> f)
            fun x -> g.Invoke x

    /// <summary>The product of the Hessian with v, without the matrix.</summary>
    let hvp (f: 'T -> Expr) : 'T -> 'T -> 'T =
        let g = AD.Hvp<'T>(Func<'T, Expr> f)
        fun x v -> g.Invoke(x, v)

    /// <summary>The value, and the pullback: from a cotangent of the result to that of the argument.</summary>
    let vjp (f: 'T -> 'Result) : 'T -> 'Result * ('Result -> 'T) =
        let g = AD.Vjp<'T, 'Result>(Func<'T, 'Result> f)

        fun x ->
            let struct (value, pullback) = g.Invoke x
            value, pullback.Invoke

    /// <summary>The value, and the tangent of the result along a tangent of the argument.</summary>
    let jvp (f: 'T -> 'Result) : 'T -> 'T -> 'Result * 'Result =
        let g = AD.Jvp<'T, 'Result>(Func<'T, 'Result> f)

        fun x v ->
            let struct (value, tangent) = g.Invoke(x, v)
            value, tangent

    /// <summary>The value, and the pushforward: the linear function from tangents of the argument to those of the result.</summary>
    let linearize (f: 'T -> 'Result) : 'T -> 'Result * ('T -> 'Result) =
        let g = AD.Linearize<'T, 'Result>(Func<'T, 'Result> f)

        fun x ->
            let struct (value, pushforward) = g.Invoke x
            value, pushforward.Invoke

    /// <summary>The function for every element of the first axis of all leaves of the argument, at once.</summary>
    let vmap (f: 'T -> 'Result) : 'T -> 'Result =
        let g = AD.Vmap<'T, 'Result>(Func<'T, 'Result> f, Nullable 0)
        fun x -> g.Invoke x

    /// <summary>The function for every element of one axis of each leaf of the argument; None for a leaf that is the same for all.</summary>
    /// <example><code>vmapIn [ Some 0; None ] (fun (x, w) -> dot x w) (rows, weights)</code></example>
    let vmapIn (axes: seq<int option>) (f: 'T -> 'Result) : 'T -> 'Result =
        if isNull (box axes) then
            raise (Autodiff.Functional.AutodiffException "vmapIn: the list of axes is null.")

        let g = AD.Vmap<'T, 'Result>(Func<'T, 'Result> f, [| for axis in axes -> Option.toNullable axis |])
        fun x -> g.Invoke x

    /// <summary>The function as machine code, made at the first call for each shape of the argument. Apply it once, and keep what it returns.</summary>
    let compile (f: 'T -> 'Result) : 'T -> 'Result =
        let g = AD.Compile<'T, 'Result>(Func<'T, 'Result> f)
        fun x -> g.Invoke x

    /// <summary>The function without the memory of what it computed: a reverse sweep computes it again.</summary>
    let checkpoint (f: 'T -> 'Result) : 'T -> 'Result =
        let g = AD.Checkpoint<'T, 'Result>(Func<'T, 'Result> f)
        fun x -> g.Invoke x

    /// <summary>The value, as a constant for every derivative.</summary>
    let stopGradient (x: Expr) : Expr = AD.StopGradient x

    /// <summary>The sum of the second derivatives in each element.</summary>
    let laplacian (f: Expr -> Expr) : Expr -> Expr =
        let g = AD.Laplacian(Func<Expr, Expr> f)
        fun x -> g.Invoke x

    /// <summary>The divergence of a vector field.</summary>
    let divergence (f: Expr -> Expr) : Expr -> Expr =
        let g = AD.Divergence(Func<Expr, Expr> f)
        fun x -> g.Invoke x

    /// <summary>The curl of a field of vectors with three elements.</summary>
    let curl (f: Expr -> Expr) : Expr -> Expr =
        let g = AD.Curl(Func<Expr, Expr> f)
        fun x -> g.Invoke x
