// The functions of the package that are the library's under another name: each is called, and compared with the method that it stands for.
module Autodiff.FSharpTests.LibraryTests

open System
open System.Reflection
open System.Runtime.CompilerServices
open Autodiff
open Xunit

let private matrixOf2 = matrix [ [ 2.0; 0.5 ]; [ 0.5; 1.5 ] ]

let private vectorOf3 = vector [ 1.0; -2.0; 0.5 ]

/// The arguments at which a function is compared: numbers within its domain, or tensors of the rank that it takes.
let private argumentsOf (f: MethodInfo) : obj[] =
    let point: Expr =
        match f.Name with
        | "cholesky" | "conditionNumber" | "det" | "diag" | "expm" | "inverse" | "kron" | "logDet" | "logm" | "lstsq" | "matmul" | "matrixNorm" | "matrixRank" | "pInv"
        | "polarFactor" | "solve" | "sqrtm" | "trace" | "transpose" | "eigh" | "qr" | "svd" -> matrixOf2
        | "cross" | "dot" | "outer" -> vectorOf3
        | "acosh" -> scalar 1.6
        | "log1mExp" -> scalar -0.6
        | _ -> scalar 0.6

    [| for parameter in f.GetParameters() ->
           if parameter.ParameterType = typeof<int> then 2 :> obj
           elif parameter.ParameterType = typeof<float> then 2.5
           else point |]

/// The method of the library that a function stands for, with what it leaves out filled in.
let private methodOf (f: MethodInfo) : obj[] -> objnull =
    let name =
        match f.Name with
        | "modulo" -> "Mod"
        | "matmul" -> "MatMul"
        | name -> name.Substring(0, 1).ToUpperInvariant() + name.Substring 1

    let taken = [| for parameter in f.GetParameters() -> parameter.ParameterType |]

    let found =
        typeof<Expr>.GetMethods(BindingFlags.Public ||| BindingFlags.Static)
        |> Array.filter (fun m ->
            let parameters = m.GetParameters()
            m.Name = name
            && parameters.Length >= taken.Length
            && Array.forall2 (fun (p: ParameterInfo) given -> p.ParameterType = given) parameters[.. taken.Length - 1] taken
            && Array.forall (fun (p: ParameterInfo) -> p.IsOptional) parameters[taken.Length ..])
        |> Array.sortBy (fun m -> m.GetParameters().Length)

    Assert.True(found.Length > 0, $"{f.Name}: the library has no method {name} with these parameters.")
    let rest = [| for parameter in found[0].GetParameters()[taken.Length ..] -> parameter.DefaultValue |]
    fun arguments -> found[0].Invoke(null, [| yield! arguments; yield! rest |])

/// The results, of which some functions have several.
let rec private results (value: objnull) : Expr list =
    match value with
    | :? Expr as e -> [ e ]
    | :? ITuple as items -> [ for i in 0 .. items.Length - 1 do yield! results items[i] ]
    | other -> failwith $"{other} is no result"

/// The values, and the derivatives of the sum of their squares in each argument.
let private observed (call: obj[] -> objnull) (arguments: obj[]) : float[] list =
    let loss i (x: Expr) =
        let moved = Array.copy arguments
        moved[i] <- x
        results (call moved) |> List.sumBy (fun result -> sum (square result))

    let slopes =
        [ for i in 0 .. arguments.Length - 1 do
              match arguments[i] with
              | :? Expr as x -> toArray (grad (loss i) x)
              | _ -> () ]

    List.map toArray (results (call arguments)) @ slopes

[<Fact>]
let ``Every function is the library's, and so are its derivatives`` () =
    let home =
        match typeof<Operand>.Assembly.GetType "Autodiff.Functions" with
        | null -> failwith "there is no module Functions"
        | found -> found

    let functions =
        home.GetMethods(BindingFlags.Public ||| BindingFlags.Static ||| BindingFlags.DeclaredOnly)
        |> Array.filter (fun f -> f.Name <> "clamp" && not (f.Name.Contains '$'))

    Assert.True(functions.Length > 80, $"{functions.Length} functions were found.")

    for f in functions do
        let arguments = argumentsOf f
        let expected, actual = observed (methodOf f) arguments, observed (fun arguments -> f.Invoke(null, arguments)) arguments
        Assert.True((expected = actual), $"{f.Name}: {actual} in place of {expected}.")
        Assert.True(expected |> List.forall (Array.forall (fun v -> not (Double.IsNaN v))), $"{f.Name} is compared outside of its domain.")

[<Fact>]
let ``clamp takes the bounds first`` () =
    Assert.Equal<float[]>([| 1.0; 1.5; 2.0 |], toArray (clamp 1 2.0 (vector [ 0.5; 1.5; 2.5 ])))
    Assert.Equal<float[]>([| 0.0; 1.0; 0.0 |], toArray (grad (fun x -> sum (clamp 1 2 x)) (vector [ 0.5; 1.5; 2.5 ])))
