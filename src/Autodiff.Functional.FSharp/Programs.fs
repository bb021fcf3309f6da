// Loops, branches and implicit functions, each one node of the graph. States are expressions or trees of them.
namespace Autodiff

open System
open System.Threading
open Autodiff.Functional

/// <summary>How long a loop may run, and who is told of it: <c>{ LoopOptions.Default with Limit = 1000 }</c>.</summary>
[<NoEquality; NoComparison>]
type LoopOptions =
    {
      /// <summary>The most steps that are allowed.</summary>
      Limit: int
      /// <summary>How often a reverse sweep keeps the state: every so many steps; the states in between are computed again.</summary>
      CheckpointEvery: int
      /// <summary>What each test of the condition is reported to.</summary>
      Progress: (IterationProgress -> unit) option
      /// <summary>Stops the loop.</summary>
      Cancellation: CancellationToken
    }

    /// <summary>Ten million steps, every state kept, and no one is told.</summary>
    static member Default = { Limit = 10_000_000; CheckpointEvery = 1; Progress = None; Cancellation = CancellationToken.None }

/// <summary>How a solution is searched for, and who is told of it: <c>{ SearchOptions.Default with MaxSteps = 1000 }</c>.</summary>
[<NoEquality; NoComparison>]
type SearchOptions =
    {
      /// <summary>From the equations on numbers and a start to a solution; None for the library's own search.</summary>
      Solver: ((Expr -> Expr) -> Expr -> Expr) option
      /// <summary>The largest residual that is accepted of a given solver.</summary>
      Tolerance: float
      /// <summary>The most steps of the library's own search.</summary>
      MaxSteps: int
      /// <summary>What each step is reported to; for a given solver, each evaluation.</summary>
      Progress: (IterationProgress -> unit) option
      /// <summary>Stops the search.</summary>
      Cancellation: CancellationToken
    }

    /// <summary>The library's own search of 500 steps, and no one is told.</summary>
    static member Default = { Solver = None; Tolerance = 1e-8; MaxSteps = 500; Progress = None; Cancellation = CancellationToken.None }

/// <summary>Loops, branches, and solutions of equations.</summary>
[<AutoOpen>]
module Programs =

    /// Reports at once, in the thread of the loop, as a Progress of .NET would not.
    let private reporting (progress: (IterationProgress -> unit) option) : IProgress<IterationProgress> | null =
        match progress with
        | None -> null
        | Some report ->
            { new IProgress<IterationProgress> with
                member _.Report step = report step }

    let private solving (solver: ((Expr -> Expr) -> Expr -> Expr) option) : Func<Func<Expr, Expr>, Expr, Expr> | null =
        match solver with
        | None -> null
        | Some solve -> Func<Func<Expr, Expr>, Expr, Expr>(fun equations start -> solve equations.Invoke start)

    /// <summary>The last state of state ← step state item, over the items along the first axis of all leaves of xs.</summary>
    /// <example><code>fold (fun (a, b) x -> b, a + b * x) (scalar 0.0, scalar 1.0) (vector [ 1.0; 2.0 ])</code></example>
    let fold (step: 'State -> 'Item -> 'State) (init: 'State) (xs: 'Item) : 'State =
        AD.Fold<'State, 'Item>(Func<'State, 'Item, 'State>(fun state item -> step state item), init, xs)

    /// <summary>The last state, and the outputs of all steps along a new first axis.</summary>
    let scan (step: 'State -> 'Item -> 'State * 'Output) (init: 'State) (xs: 'Item) : 'State * 'Output =
        let next state item =
            let state, output = step state item
            struct (state, output)

        let struct (final, outputs) = AD.Scan<'State, 'Item, 'Output>(Func<_, _, _>(fun state item -> next state item), init, xs)
        final, outputs

    /// <summary>The state after n steps.</summary>
    let iterate (n: int) (step: 'State -> 'State) (init: 'State) : 'State = AD.Iterate<'State>(n, Func<'State, 'State> step, init)

    /// <summary>The first state for which the condition is 0, of state ← body state, with options.</summary>
    /// <example><code>whileLoopWith { LoopOptions.Default with Limit = 1000 } (fun x -> x &gt;. 1.0) (fun x -> x / 2) x</code></example>
    let whileLoopWith (options: LoopOptions) (condition: 'State -> Expr) (body: 'State -> 'State) (init: 'State) : 'State =
        AD.While<'State>(
            Func<'State, Expr> condition, Func<'State, 'State> body, init, options.Limit, options.CheckpointEvery, reporting options.Progress, options.Cancellation)

    /// <summary>The first state for which the condition is 0, of state ← body state.</summary>
    let whileLoop (condition: 'State -> Expr) (body: 'State -> 'State) (init: 'State) : 'State = whileLoopWith LoopOptions.Default condition body init

    /// <summary>One of two results, by the value of a scalar; the other is not computed.</summary>
    let cond (predicate: Expr) (ifTrue: unit -> 'T) (ifFalse: unit -> 'T) : 'T = AD.Cond<'T>(predicate, Func<'T> ifTrue, Func<'T> ifFalse)

    /// <summary>x with f x = 0, near a start, with options; its derivatives in what f closes over are those of the implicit function theorem.</summary>
    let rootWith (options: SearchOptions) (f: Expr -> Expr) (x0: Expr) : Expr =
        AD.Root(Func<Expr, Expr> f, x0, solving options.Solver, options.Tolerance, options.MaxSteps, reporting options.Progress, options.Cancellation)

    /// <summary>x with f x = 0, near a start; its derivatives in what f closes over are those of the implicit function theorem.</summary>
    let root (f: Expr -> Expr) (x0: Expr) : Expr = rootWith SearchOptions.Default f x0

    /// <summary>x with f x = x, from a start, with implicit derivatives and options.</summary>
    let fixedPointWith (options: SearchOptions) (f: Expr -> Expr) (x0: Expr) : Expr =
        AD.FixedPoint(Func<Expr, Expr> f, x0, solving options.Solver, options.Tolerance, options.MaxSteps, reporting options.Progress, options.Cancellation)

    /// <summary>x with f x = x, from a start, with implicit derivatives.</summary>
    let fixedPoint (f: Expr -> Expr) (x0: Expr) : Expr = fixedPointWith SearchOptions.Default f x0

    /// <summary>x at which f has a minimum, from a start, with implicit derivatives and options.</summary>
    let argMinWith (options: SearchOptions) (f: Expr -> Expr) (x0: Expr) : Expr =
        AD.ArgMin(Func<Expr, Expr> f, x0, solving options.Solver, options.Tolerance, options.MaxSteps, reporting options.Progress, options.Cancellation)

    /// <summary>x at which f has a minimum, from a start, with implicit derivatives.</summary>
    let argMin (f: Expr -> Expr) (x0: Expr) : Expr = argMinWith SearchOptions.Default f x0
