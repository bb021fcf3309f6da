// Loops, branches and searches with options, and with states and results of every kind of F#.
module Autodiff.FSharpTests.ProgramTests

open System
open System.Threading
open Autodiff.Functional
open Autodiff
open Xunit

type Walk = { Place: Expr; Speed: Expr }

type Motion =
    | Still
    | Moving of speed: Expr

let private near (expected: float) (actual: Expr) = Assert.Equal(expected, actual.Value, 12)

let private items = vector [ 1.0; 2.0; 3.0 ]

[<Fact>]
let ``States are records, anonymous records, unions, lists, maps and options`` () =
    let step walk = { Place = walk.Place + walk.Speed; Speed = walk.Speed / 2 }
    let start (speed: Expr) = { Place = scalar 0.0; Speed = speed }
    near 1.75 (iterate 3 step (start (scalar 1.0))).Place
    near 1.75 (grad (fun speed -> (iterate 3 step (start speed)).Place) (scalar 1.0))
    near 6.0 (fold (fun walk (x: Expr) -> { walk with Place = walk.Place + walk.Speed * x }) (start (scalar 1.0)) items).Place
    let walk, places = scan (fun walk (x: Expr) -> { walk with Place = walk.Place + x }, walk.Place) (start (scalar 1.0)) items
    near 6.0 walk.Place
    Assert.Equal<float[]>([| 0.0; 1.0; 3.0 |], toArray places)
    near 0.25 (whileLoop (fun walk -> walk.Speed >. 0.3) step (start (scalar 1.0))).Speed

    let anonymous = iterate 2 (fun (s: {| A: Expr; B: Expr |}) -> {| A = s.B; B = s.A + s.B |}) {| A = scalar 1.0; B = scalar 1.0 |}
    near 3.0 anonymous.B

    match iterate 2 (fun motion -> match motion with Moving speed -> Moving(speed * 2) | Still -> Still) (Moving(scalar 1.5)) with
    | Moving speed -> near 6.0 speed
    | Still -> failwith "the case changed"

    match fold (fun (xs: Expr list) (x: Expr) -> [ xs[1]; xs[0] + x ]) [ scalar 0.0; scalar 10.0 ] items with
    | [ a; b ] ->
        near 12.0 a
        near 4.0 b
    | other -> failwith $"the list changed: {other}"

    let map = whileLoop (fun (s: Map<string, Expr>) -> s["n"] <. 3) (Map.map (fun _ v -> v + 1)) (Map [ "n", scalar 0; "m", scalar 10 ])
    near 13.0 map["m"]
    let option, _ = scan (fun (s: Expr option) (x: Expr) -> Option.map (fun s -> s + x) s, x) (Some(scalar 1.0)) items
    near 7.0 option.Value

[<Fact>]
let ``Results of branches are tuples, records and lists`` () =
    let x = scalar 3.0
    let a, b = cond (x >. 0.0) (fun () -> x, x * x) (fun () -> -x, x)
    near 3.0 a
    near 9.0 b
    let walk = cond (x <. 0.0) (fun () -> { Place = x; Speed = x }) (fun () -> { Place = -x; Speed = x * 2 })
    near -3.0 walk.Place
    near 2.0 (grad (fun x -> (cond (x <. 0.0) (fun () -> { Place = x; Speed = x }) (fun () -> { Place = -x; Speed = x * 2 })).Speed) x)
    Assert.Equal<float list>([ 3.0; 6.0 ], cond (x >. 0.0) (fun () -> [ x; x + x ]) (fun () -> [ x; x ]) |> List.map value)

[<Fact>]
let ``A loop with options keeps its limit, reports and is stopped`` () =
    let halve = whileLoopWith { LoopOptions.Default with Limit = 3 } (fun (x: Expr) -> x >. 1.0) (fun x -> x / 2)
    near 1.0 (halve (scalar 8.0))
    let error = Assert.Throws<AutodiffException>(fun () -> halve (scalar 100.0) |> ignore)
    Assert.Contains("limit", error.Message)

    let reports = ResizeArray<IterationProgress>()
    let watched = { LoopOptions.Default with Progress = Some reports.Add; CheckpointEvery = 2 }
    near 0.125 (grad (whileLoopWith watched (fun x -> x >. 1.0) (fun x -> x / 2)) (scalar 8.0))
    Assert.Equal(0, reports[0].Iteration)
    Assert.True(reports.Count >= 4)

    let stopped = { LoopOptions.Default with Cancellation = CancellationToken true }
    Assert.ThrowsAny<OperationCanceledException>(fun () -> whileLoopWith stopped (fun x -> x >. 1.0) (fun x -> x / 2) (scalar 8.0) |> ignore) |> ignore

[<Fact>]
let ``A search with options keeps its number of steps, reports and is stopped, and takes a solver`` () =
    let square a = fun (x: Expr) -> x * x - a
    near (sqrt 2.0) (rootWith SearchOptions.Default (square (scalar 2.0)) (scalar 1.0))

    for search in [ rootWith; fixedPointWith; argMinWith ] do
        let reports = ResizeArray<IterationProgress>()
        search { SearchOptions.Default with Progress = Some reports.Add } (fun x -> x * x - 2) (scalar 1.0) |> ignore
        Assert.NotEmpty reports

    let few = Assert.Throws<AutodiffException>(fun () -> rootWith { SearchOptions.Default with MaxSteps = 1 } (square (scalar 2.0)) (scalar 100.0) |> ignore)
    Assert.Contains("maxSteps", few.Message)
    let stopped = { SearchOptions.Default with Cancellation = CancellationToken true }

    for search in [ rootWith; fixedPointWith; argMinWith ] do
        Assert.ThrowsAny<OperationCanceledException>(fun () -> search stopped (fun x -> x * x - 2 + x) (scalar 1.0) |> ignore) |> ignore

    let steps (equations: Expr -> Expr) (start: Expr) = List.fold (fun x _ -> x - equations x / 3) start [ 1..50 ]
    let mine = { SearchOptions.Default with Solver = Some steps; Tolerance = 1e-12 }
    near (0.5 / sqrt 2.0) (grad (fun a -> rootWith mine (square a) (scalar 1.0)) (scalar 2.0))
    let none = { mine with Solver = Some(fun _ start -> start) }
    Assert.Throws<AutodiffException>(fun () -> rootWith none (square (scalar 2.0)) (scalar 1.0) |> ignore) |> ignore

[<Fact>]
let ``The options left as they are are those of the library`` () =
    let ofMethod (name: string) (parameter: string) : obj | null =
        typeof<AD>.GetMethods()
        |> Array.filter (fun m -> m.Name = name)
        |> Array.collect (fun m -> m.GetParameters())
        |> Array.find (fun p -> p.Name = parameter)
        |> fun p -> p.DefaultValue

    Assert.Equal(box LoopOptions.Default.Limit, ofMethod "While" "limit")
    Assert.Equal(box LoopOptions.Default.CheckpointEvery, ofMethod "While" "checkpointEvery")

    for name in [ "Root"; "FixedPoint"; "ArgMin" ] do
        Assert.Equal(box SearchOptions.Default.MaxSteps, ofMethod name "maxSteps")
        Assert.Equal(box SearchOptions.Default.Tolerance, ofMethod name "tolerance")
