// The documents beside the sources, for tests that hold them to what the code does.

namespace Autodiff.PropertyTests.Edges;

internal static class Document
{
    /// <summary>The lines of a file in docs.</summary>
    public static string[] Lines(string name) => File.ReadAllLines(Path.Combine(Root(), "docs", name));

    /// <summary>The folder of the solution.</summary>
    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Autodiff.Functional.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run below the folder of the solution.");
        }

        return folder.FullName;
    }
}
