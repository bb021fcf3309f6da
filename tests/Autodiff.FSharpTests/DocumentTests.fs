// The F# code in the documents is code that runs: each block stands, line by line, in FSharpDocument.fs or in a script of samples/FSharp.
module Autodiff.FSharpTests.DocumentTests

open System
open System.IO
open System.Reflection
open System.Text.RegularExpressions
open Autodiff
open Xunit

let private root =
    let rec up (folder: string) =
        if File.Exists(Path.Combine(folder, "Autodiff.Functional.sln")) then folder
        else
            match Path.GetDirectoryName folder with
            | null -> failwith "the repository's root was not found"
            | parent -> up parent

    up AppContext.BaseDirectory

let private read (path: string) = File.ReadAllText(Path.Combine(root, path))

/// A line as code: shows "3" (f x) in the tests is f x // 3 in a document.
let private code (line: string) =
    let text = Regex.Replace(line.Trim(), """^shows "((?:[^"\\]|\\.)*)" (.*)$""", "$2 // $1")
    let text = Regex.Replace(text, @"^\(((?:[^()]|(?<open>\()|(?<-open>\)))*)(?(open)(?!))\) // ", "$1 // ")
    Regex.Replace(text, @"\s+", " ")

let private sources =
    lazy
        ([ "tests/Autodiff.FSharpTests/FSharpDocument.fs"
           "samples/FSharp/Derivatives.fsx"
           "samples/FSharp/Regression.fsx"
           "samples/FSharp/Optimisation.fsx" ]
         |> List.collect (fun path -> List.ofArray ((read path).Split '\n'))
         |> List.map code
         |> Set.ofList)

[<Theory>]
[<InlineData "README.md">]
[<InlineData "docs/fsharp.md">]
[<InlineData "docs/guide.md">]
[<InlineData "src/Autodiff.Functional.FSharp/README.md">]
let ``Code in a document is code that runs`` (path: string) =
    let blocks = Regex.Matches(read path, "```fsharp\n(.*?)```", RegexOptions.Singleline)
    Assert.NotEmpty blocks

    for block in blocks do
        for line in block.Groups[1].Value.Split '\n' do
            let line = code line

            if line <> "" && not (line.StartsWith "#r ") && line <> "open Autodiff" then
                Assert.True(sources.Value.Contains line, $"{path}: no test runs the line: {line}")

/// The public surface of the package, one member in each line.
let private surface =
    lazy
        ([ for each in typeof<Operand>.Assembly.GetExportedTypes() do
               for m in each.GetMethods(BindingFlags.Public ||| BindingFlags.Static ||| BindingFlags.DeclaredOnly) do
                   let parameters = String.Join(", ", [ for p in m.GetParameters() -> $"{p.ParameterType} {p.Name}" ])
                   $"{each.FullName}.{m.Name}({parameters}) -> {m.ReturnType}" ]
         |> List.sortWith (fun a b -> String.CompareOrdinal(a, b)))

[<Fact>]
let ``The public surface is the recorded one`` () =
    let path = "src/Autodiff.Functional.FSharp/PublicAPI.txt"
    let recorded = (read path).Split('\n', StringSplitOptions.RemoveEmptyEntries) |> List.ofArray
    let difference = [ for line in List.except recorded surface.Value -> "+ " + line ] @ [ for line in List.except surface.Value recorded -> "- " + line ]

    if difference <> [] && Environment.GetEnvironmentVariable "RECORD_PUBLIC_API" = "1" then
        File.WriteAllText(Path.Combine(root, path), String.Join("\n", surface.Value) + "\n")
    else
        Assert.True(difference.IsEmpty, $"The public surface differs from {path}; run with RECORD_PUBLIC_API=1 to record it:\n" + String.Join("\n", difference))
