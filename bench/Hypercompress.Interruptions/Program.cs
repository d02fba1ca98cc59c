using System.Globalization;
using Hypercompress.Interruptions;

if (args is not [var program, var kills, var seed, var folder, .. var options])
{
    Console.Error.WriteLine("give: PROGRAM KILLS SEED FOLDER [options of compress]");
    return 2;
}

// dotnet run --project bench/Hypercompress.Interruptions -- hypercompress 60 1 /tmp/killed
var runs = new KilledRuns([program], folder, options, Console.Out.WriteLine);
KilledRunsResult result = runs.Run(
    int.Parse(kills, CultureInfo.InvariantCulture), int.Parse(seed, CultureInfo.InvariantCulture));
Console.Out.WriteLine(result);
return result.Differing == 0 ? 0 : 1;
