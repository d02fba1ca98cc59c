using System.Globalization;
using Hypercompress.Models.Errors;
using Hypercompress.StoryModel;

// Makes the model that ships inside the command line tool.
int firstRound = 0;
int lastRound = StoryModelRecipe.Rounds.Length - 1;
bool understood = args.Length == 1
    || (args.Length == 2
        && int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out firstRound)
        && firstRound <= lastRound);
if (!understood)
{
    Console.Error.WriteLine("usage: Hypercompress.StoryModel FOLDER [ROUND]");
    Console.Error.WriteLine(
        $"ROUND: the first round of training, 0 to {lastRound}, 0 unless given; later ones need the weights in FOLDER");
    return 2;
}

try
{
    new StoryModelMaker(args[0], firstRound).Make();
    return 0;
}
catch (HypercompressException fault)
{
    Console.Error.WriteLine($"error: {fault.Message}");
    return fault.ExitCode;
}
