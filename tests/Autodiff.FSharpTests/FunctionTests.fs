// F#'s own operators and functions on expressions, and lambdas handed straight to the transforms.
module Autodiff.FSharpTests.FunctionTests

open System
open Autodiff.Functional
open Xunit

let private number (value: float) : Expr = Expr.op_Implicit value

let private vector (values: float[]) : Expr = Expr.op_Implicit values

/// The value and the derivative of f at x, and those of a closed form.
let private agree (x: float) (f: Expr -> Expr) (value: float) (slope: float) =
    let struct (y, dy) = AD.ValueAndGrad(f).Invoke(number x)
    Assert.Equal(value, y.Value, 14)
    Assert.Equal(slope, dy.Value, 14)

[<Fact>]
let ``F#'s elementary functions are those of the library`` () =
    let x = 0.4
    agree x sin (sin x) (cos x)
    agree x cos (cos x) (-(sin x))
    agree x tan (tan x) (1.0 / (cos x * cos x))
    agree x asin (asin x) (1.0 / sqrt (1.0 - x * x))
    agree x acos (acos x) (-1.0 / sqrt (1.0 - x * x))
    agree x atan (atan x) (1.0 / (1.0 + x * x))
    agree x sinh (sinh x) (cosh x)
    agree x cosh (cosh x) (sinh x)
    agree x tanh (tanh x) (1.0 / (cosh x * cosh x))
    agree x exp (exp x) (exp x)
    agree x log (log x) (1.0 / x)
    agree x log10 (log10 x) (1.0 / (x * log 10.0))
    agree x sqrt (sqrt x) (0.5 / sqrt x)
    agree -x abs x -1.0
    agree 1.6 floor 1.0 0.0
    agree 1.6 ceil 2.0 0.0
    agree 1.6 round 2.0 0.0

[<Fact>]
let ``Operators are F#'s operators`` () =
    let two = number 2.0
    agree 3.0 (fun x -> x + two) 5.0 1.0
    agree 3.0 (fun x -> two - x) -1.0 -1.0
    agree 3.0 (fun x -> two * x) 6.0 2.0
    agree 3.0 (fun x -> two / x) (2.0 / 3.0) (-2.0 / 9.0)
    agree 3.0 (fun x -> -x) -3.0 -1.0
    agree 3.0 (fun x -> x ** two) 9.0 6.0
    agree -7.5 (fun x -> x % two) -1.5 1.0
    agree 3.0 (fun x -> 7.0 % x) 1.0 -2.0
    agree 7.5 (fun x -> x % 2.0) 1.5 1.0
    agree -2.7 truncate -2.0 0.0

[<Fact>]
let ``atan2 is that of the library`` () =
    let struct (byY, byX) = AD.Grad(fun y x -> atan2 y x).Invoke(number 3.0, number 4.0)
    Assert.Equal(4.0 / 25.0, byY.Value, 14)
    Assert.Equal(-3.0 / 25.0, byX.Value, 14)

[<Fact>]
let ``Pipelines and compositions are differentiated`` () =
    agree 0.7 (fun x -> x |> sin |> exp) (exp (sin 0.7)) (cos 0.7 * exp (sin 0.7))
    agree 0.7 (sin >> exp >> sqrt) (exp (sin 0.7 / 2.0)) (0.5 * cos 0.7 * exp (sin 0.7 / 2.0))

[<Fact>]
let ``A fold over a list is differentiated`` () =
    // Horner's rule for 1 + 2x + 3x² at 5, whose derivative is 2 + 6x = 32.
    let polynomial x =
        [ 3.0; 2.0; 1.0 ] |> List.fold (fun sum c -> sum * x + number c) (number 0.0)

    agree 5.0 polynomial 86.0 32.0

[<Fact>]
let ``A recursive function with a choice is differentiated`` () =
    let rec power (x: Expr) n =
        if n = 0 then number 1.0
        elif x.Value > 100.0 then x
        else x * power x (n - 1)

    agree 2.0 (fun x -> power x 5) 32.0 80.0

[<Fact>]
let ``Gradients of gradients are taken`` () =
    let second = AD.Grad(AD.Grad(fun x -> x * x * x))
    Assert.Equal(12.0, second.Invoke(2.0).Value)
    Assert.Equal(24.0, AD.Diff((fun x -> x * x * x * x), 3).Invoke(1.0).Value)

[<Fact>]
let ``Vjp gives a struct tuple of the value and the pullback`` () =
    // The rows of diag(2, 4, 6), weighted by (−1, 1, 2).
    let struct (y, pullback) = AD.Vjp(fun x -> x * x).Invoke(vector [| 1.0; 2.0; 3.0 |])
    Assert.Equal<float[]>([| 1.0; 4.0; 9.0 |], y.ToArray())
    Assert.Equal<float[]>([| -2.0; 4.0; 12.0 |], pullback.Invoke(vector [| -1.0; 1.0; 2.0 |]).ToArray())

[<Fact>]
let ``Jvp takes a point and a tangent`` () =
    let struct (y, tangent) = AD.Jvp(fun x -> Expr.Sum(x * x)).Invoke(vector [| 1.0; 2.0; 3.0 |], vector [| 1.0; 0.0; -1.0 |])
    Assert.Equal(14.0, y.Value)
    Assert.Equal(-4.0, tangent.Value)

[<Fact>]
let ``Hessian takes a lambda`` () =
    let hessian = AD.Hessian(fun x -> Expr.Prod(x)).Invoke(vector [| 2.0; 3.0 |])
    Assert.Equal<float[]>([| 0.0; 1.0; 1.0; 0.0 |], hessian.ToArray())

[<Fact>]
let ``Gradients in several arguments come as a struct tuple`` () =
    let struct (byX, byY) = AD.Grad(fun x y -> x * x * y).Invoke(2.0, 3.0)
    Assert.Equal((12.0, 4.0), (byX.Value, byY.Value))

[<Fact>]
let ``Comparisons in F# ask for values`` () =
    let larger (x: Expr) (y: Expr) = if x > y then x else y
    Assert.Equal(3.0, (larger (number 3.0) (number 2.0)).Value)
    Assert.Throws<NotConcreteException>(fun () -> larger (Expr.Variable "x") (number 2.0) |> ignore)
    |> ignore

[<Fact>]
let ``A tree is read by pattern matching`` () =
    let rec describe (e: Expr) =
        match e.Op, List.ofSeq e.Operands with
        | Op.Variable, [] -> e.Name.IfNone "?"
        | Op.Constant, _ -> string e.Value
        | Op.Add, [ a; b ] -> $"({describe a} + {describe b})"
        | Op.Multiply, [ a; b ] -> $"{describe a} * {describe b}"
        | op, operands -> $"""{op}({operands |> List.map describe |> String.concat ", "})"""

    let x, t = Expr.Variable "x", Expr.Variable "t"
    Assert.Equal("(x + t) * Sin(2 * x)", describe ((x + t) * sin (number 2.0 * x)))

[<Fact>]
let ``Gradients in one argument, Hessians and Jacobians of several arguments are taken`` () =
    let f = fun (x: Expr) (y: Expr) -> x * x * y
    Assert.Equal(4.0, AD.Grad(f, 1).Invoke(number 2.0, number 3.0).Value)
    let struct (struct (xx, xy), struct (_, yy)) = AD.Hessian(f).Invoke(number 2.0, number 3.0)
    Assert.Equal((6.0, 4.0, 0.0), (xx.Value, xy.Value, yy.Value))
    let struct (value, slope, curvature) = AD.ValueGradHessian(fun (x: Expr) -> x * x * x).Invoke(number 2.0)
    Assert.Equal((8.0, 12.0, 12.0), (value.Value, slope.Value, curvature.Value))
    Assert.Equal(12.0, AD.Jacobian(fun (x: Expr) -> x * x * x).Invoke(number 2.0).Value)
    let struct (ofSquare, ofCube) = AD.Jacobian(fun (x: Expr) -> struct (x * x, x * x * x)).Invoke(number 2.0)
    Assert.Equal((4.0, 12.0), (ofSquare.Value, ofCube.Value))
    let length = Primitive.Define("length", (fun (a: float) (b: float) -> sqrt (a * a + b * b)), (fun (a: Expr) (b: Expr) (y: Expr) -> struct (a / y, b / y)))
    let struct (byA, byB) = AD.Grad(fun a b -> length.Invoke(a, b)).Invoke(number 3.0, number 4.0)
    Assert.Equal(0.6, byA.Value, 15)
    Assert.Equal(0.8, byB.Value, 15)
