using System;
using System.Collections.Generic;
using System.IO;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Copies an assembly, marking it as not to be optimized by the just-in-time compiler.</summary>
public class KeepLifetimes : Task
{
    // A DebuggableAttribute(DebuggingModes): prolog 1, the modes as int32, no named arguments.
    private static readonly byte[] Released = { 1, 0, 2, 0, 0, 0, 0, 0 };
    private static readonly byte[] NotOptimized = { 1, 0, 3, 1, 0, 0, 0, 0 };

    [Required] public string Source { get; set; }
    [Required] public string Destination { get; set; }

    public override bool Execute()
    {
        byte[] image = File.ReadAllBytes(Source);
        List<int> places = Find(image);
        if (places.Count != 1)
        {
            Log.LogError("{0}: expected one DebuggableAttribute of a release build, found {1}; see eng/TorchNative.targets", Source, places.Count);
            return false;
        }

        NotOptimized.CopyTo(image, places[0]);
        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        // several projects may build at once: write beside it, then rename
        string temp = Destination + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temp, image);
        try { if (File.Exists(Destination)) File.Delete(Destination); File.Move(temp, Destination); }
        catch (IOException) { File.Delete(temp); if (!File.Exists(Destination)) throw; }
        return !Log.HasLoggedErrors;
    }

    private static List<int> Find(byte[] image)
    {
        var places = new List<int>();
        for (int start = 0; start + Released.Length <= image.Length; start++)
        {
            int same = 0;
            while (same < Released.Length && image[start + same] == Released[same]) same++;
            if (same == Released.Length) places.Add(start);
        }

        return places;
    }
}
