// Long searches for faults: dotnet run -c Release --project tests/Autodiff.Campaigns -- <name> <arguments>

using Autodiff.Campaigns;

ICampaign[] campaigns = [new ProgramsCampaign(), new FaultsCampaign(), new AlarmsCampaign()];
var campaign = campaigns.FirstOrDefault(campaign => campaign.Name == args.FirstOrDefault());
if (campaign is not null)
{
    return campaign.Run(args[1..]);
}

Console.Error.WriteLine("usage: Autodiff.Campaigns <campaign> <arguments>");
foreach (var other in campaigns)
{
    Console.Error.WriteLine($"  {other.Name,-12} {other.Summary}");
}

return 2;
