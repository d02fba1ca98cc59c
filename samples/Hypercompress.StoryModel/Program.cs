using System.Globalization;
using Hypercompress.StoryModel;

// Makes the model that ships inside the command line tool.
int firstRound = 0;
bool understood = args.Length == 1
    || (args.Length == 2 && int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out firstRound));
if (!understood)
{
    Console.Error.WriteLine("usage: Hypercompress.StoryModel FOLDER [ROUND]");
    Console.Error.WriteLine(
        "ROUND: the first round of training, 0 unless given; later ones need the weights in FOLDER");
    return 2;
}

new StoryModelMaker(args[0], firstRound).Make();
return 0;
