// Where the repository is, for campaigns that read its sources.

namespace Autodiff.Campaigns;

internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Library => Path.Combine(Root, "src", "Autodiff.Functional");

    public static string Tests => Path.Combine(Root, "tests", "Autodiff.PropertyTests");

    public static string Campaigns => Path.Combine(Root, "tests", "Autodiff.Campaigns");

    private static string Find()
    {
        foreach (var start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Autodiff.Functional.sln")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new DirectoryNotFoundException("Run campaigns inside the repository: no folder above holds Autodiff.Functional.sln.");
    }
}
