// Campaigns: dotnet run -c Release --project tests/Autodiff.Campaigns -- <name> [options]

using Autodiff.Campaigns;
using Autodiff.Campaigns.Coverage;
using Autodiff.Campaigns.Hostile;
using Autodiff.Campaigns.Memory;
using Autodiff.Campaigns.Mutations;

ICampaign[] campaigns =
[
    new ProgramsCampaign(),
    new MutationCampaign(),
    new CoverageCampaign(),
    new HostileCampaign(),
    new MemoryCampaign(),
];

// The mutation campaign starts this program again, beside the mutated library.
if (args is [MutationWorker.Command])
{
    return MutationWorker.Run();
}

if (args is [var name, .. var rest] && Array.Find(campaigns, campaign => campaign.Name == name) is { } chosen)
{
    return chosen.Run(rest);
}

Console.WriteLine("usage: dotnet run -c Release --project tests/Autodiff.Campaigns -- <name> [options]");
foreach (var campaign in campaigns)
{
    Console.WriteLine($"  {campaign.Name,-10} {campaign.Summary}");
}

return 2;
