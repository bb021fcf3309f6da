// The names of DiffSharp for what this library calls otherwise. A name with f returns the value of the function first.
namespace Autodiff

/// <summary>Transforms under the names that DiffSharp has for them.</summary>
[<AutoOpen>]
module DiffSharp =

    /// <summary>The derivative of an order of a function of one number.</summary>
    let diffn (order: int) (f: Expr -> Expr) (x: Expr) : Expr = diff order f x

    /// <summary>The value, and all derivatives of a function of one number up to an order.</summary>
    let ffdiffn (order: int) (f: Expr -> Expr) (x: Expr) : Expr[] = Array.ofList (derivatives order f x)

    /// <summary>The second derivative of a function of one number.</summary>
    let diff2 (f: Expr -> Expr) (x: Expr) : Expr = diff 2 f x

    /// <summary>The value, and the derivative of an order of a function of one number.</summary>
    let fdiffn (order: int) (f: Expr -> Expr) (x: Expr) : Expr * Expr =
        let all = derivatives order f x
        List.head all, List.last all

    /// <summary>The value, and the derivative of a function of one number.</summary>
    let fdiff (f: Expr -> Expr) (x: Expr) : Expr * Expr = fdiffn 1 f x

    /// <summary>The value, and the second derivative of a function of one number.</summary>
    let fdiff2 (f: Expr -> Expr) (x: Expr) : Expr * Expr = fdiffn 2 f x

    /// <summary>The value, and the gradient.</summary>
    let fgrad (f: 'T -> Expr) (x: 'T) : Expr * 'T = valueAndGrad f x

    /// <summary>The derivative of a function to a scalar along v.</summary>
    let gradv (f: 'T -> Expr) (x: 'T) (v: 'T) : Expr = snd (jvp f x v)

    /// <summary>The value, and the derivative along v.</summary>
    let fgradv (f: 'T -> Expr) (x: 'T) (v: 'T) : Expr * Expr = jvp f x v

    /// <summary>The value, and the Jacobian.</summary>
    let fjacobian (f: 'T -> Expr) (x: 'T) : Expr * 'T = f x, jacobian f x

    /// <summary>The product of the Jacobian with v.</summary>
    let jacobianv (f: 'T -> 'Result) (x: 'T) (v: 'T) : 'Result = snd (jvp f x v)

    /// <summary>The value, and the product of the Jacobian with v.</summary>
    let fjacobianv (f: 'T -> 'Result) (x: 'T) (v: 'T) : 'Result * 'Result = jvp f x v

    /// <summary>The product of the transposed Jacobian with v.</summary>
    let jacobianTv (f: 'T -> 'Result) (x: 'T) (v: 'Result) : 'T = (snd (vjp f x)) v

    /// <summary>The value, and the product of the transposed Jacobian with v.</summary>
    let fjacobianTv (f: 'T -> 'Result) (x: 'T) (v: 'Result) : 'Result * 'T =
        let value, pullback = vjp f x
        value, pullback v

    /// <summary>The value, and the Hessian.</summary>
    let fhessian (f: 'T -> Expr) (x: 'T) : Expr * Expr = f x, hessian f x

    /// <summary>The product of the Hessian with v.</summary>
    let hessianv (f: 'T -> Expr) (x: 'T) (v: 'T) : 'T = hvp f x v

    /// <summary>The value, and the product of the Hessian with v.</summary>
    let fhessianv (f: 'T -> Expr) (x: 'T) (v: 'T) : Expr * 'T = f x, hvp f x v

    /// <summary>The gradient, and the Hessian.</summary>
    let gradhessian (f: 'T -> Expr) (x: 'T) : 'T * Expr = grad f x, hessian f x

    /// <summary>The value, the gradient, and the Hessian.</summary>
    let fgradhessian (f: 'T -> Expr) (x: 'T) : Expr * 'T * Expr =
        let value, gradient = valueAndGrad f x
        value, gradient, hessian f x

    /// <summary>The derivative along v, and the product of the Hessian with v.</summary>
    let gradhessianv (f: 'T -> Expr) (x: 'T) (v: 'T) : Expr * 'T = gradv f x v, hvp f x v

    /// <summary>The value, the derivative along v, and the product of the Hessian with v.</summary>
    let fgradhessianv (f: 'T -> Expr) (x: 'T) (v: 'T) : Expr * Expr * 'T =
        let value, derivative = jvp f x v
        value, derivative, hvp f x v

    /// <summary>The value, and the Laplacian.</summary>
    let flaplacian (f: Expr -> Expr) (x: Expr) : Expr * Expr = f x, laplacian f x

    /// <summary>The value, and the divergence.</summary>
    let fdivergence (f: Expr -> Expr) (x: Expr) : Expr * Expr = f x, divergence f x

    /// <summary>The value, and the curl.</summary>
    let fcurl (f: Expr -> Expr) (x: Expr) : Expr * Expr = f x, curl f x

    /// <summary>The curl, and the divergence.</summary>
    let curldivergence (f: Expr -> Expr) (x: Expr) : Expr * Expr = curl f x, divergence f x

    /// <summary>The value, the curl, and the divergence.</summary>
    let fcurldivergence (f: Expr -> Expr) (x: Expr) : Expr * Expr * Expr = f x, curl f x, divergence f x

/// <summary>
/// DiffSharp's short names, for programs that <c>open DiffSharp.Shorten</c>: they <c>open Autodiff.Shorten</c>. As there, <c>jvp</c>, <c>vjp</c> and <c>hvp</c> give the
/// product alone, for the functions of <c>Transforms</c> with these names.
/// </summary>
module Shorten =

    /// <summary>The gradient.</summary>
    let g (f: 'T -> Expr) (x: 'T) : 'T = grad f x

    /// <summary>The value, and the gradient.</summary>
    let fg (f: 'T -> Expr) (x: 'T) : Expr * 'T = fgrad f x

    /// <summary>The derivative of a function to a scalar along v.</summary>
    let gvp (f: 'T -> Expr) (x: 'T) (v: 'T) : Expr = gradv f x v

    /// <summary>The value, and the derivative along v.</summary>
    let fgvp (f: 'T -> Expr) (x: 'T) (v: 'T) : Expr * Expr = fgradv f x v

    /// <summary>The Hessian.</summary>
    let h (f: 'T -> Expr) (x: 'T) : Expr = hessian f x

    /// <summary>The value, and the Hessian.</summary>
    let fh (f: 'T -> Expr) (x: 'T) : Expr * Expr = fhessian f x

    /// <summary>The product of the Hessian with v.</summary>
    let hvp (f: 'T -> Expr) (x: 'T) (v: 'T) : 'T = hessianv f x v

    /// <summary>The value, and the product of the Hessian with v.</summary>
    let fhvp (f: 'T -> Expr) (x: 'T) (v: 'T) : Expr * 'T = fhessianv f x v

    /// <summary>The gradient, and the Hessian.</summary>
    let gh (f: 'T -> Expr) (x: 'T) : 'T * Expr = gradhessian f x

    /// <summary>The value, the gradient, and the Hessian.</summary>
    let fgh (f: 'T -> Expr) (x: 'T) : Expr * 'T * Expr = fgradhessian f x

    /// <summary>The derivative along v, and the product of the Hessian with v.</summary>
    let ghvp (f: 'T -> Expr) (x: 'T) (v: 'T) : Expr * 'T = gradhessianv f x v

    /// <summary>The value, the derivative along v, and the product of the Hessian with v.</summary>
    let fghvp (f: 'T -> Expr) (x: 'T) (v: 'T) : Expr * Expr * 'T = fgradhessianv f x v

    /// <summary>The Jacobian.</summary>
    let j (f: 'T -> Expr) (x: 'T) : 'T = jacobian f x

    /// <summary>The value, and the Jacobian.</summary>
    let fj (f: 'T -> Expr) (x: 'T) : Expr * 'T = fjacobian f x

    /// <summary>The product of the Jacobian with v.</summary>
    let jvp (f: 'T -> 'Result) (x: 'T) (v: 'T) : 'Result = jacobianv f x v

    /// <summary>The value, and the product of the Jacobian with v.</summary>
    let fjvp (f: 'T -> 'Result) (x: 'T) (v: 'T) : 'Result * 'Result = fjacobianv f x v

    /// <summary>The product of the transposed Jacobian with v.</summary>
    let vjp (f: 'T -> 'Result) (x: 'T) (v: 'Result) : 'T = jacobianTv f x v

    /// <summary>The value, and the product of the transposed Jacobian with v.</summary>
    let fvjp (f: 'T -> 'Result) (x: 'T) (v: 'Result) : 'Result * 'T = fjacobianTv f x v
