namespace Hypercompress.Tests.Architecture;

public sealed class RoomRulesTests
{
    private const string Models = "src/Hypercompress.Models";
    private const string Core = "src/Hypercompress";

    private static readonly Lazy<FolderGraph> ModelRooms = new(() => FolderGraph.Of(SourceTree.Sources, Models));
    private static readonly Lazy<FolderGraph> CoreRooms = new(() => FolderGraph.Of(SourceTree.Sources, Core));

    [Fact]
    public void CoreRooms_UseOnlyRoomsBelow() =>
        Assert.Empty(RoomRules.Arrows(CoreRooms.Value, FolderArrows.Core));

    [Fact]
    public void ModelRooms_UseOnlyRoomsBelow() =>
        Assert.Empty(RoomRules.Arrows(ModelRooms.Value, FolderArrows.Models));

    [Fact]
    public void CoreArrows_AreUsed() => Assert.Empty(RoomRules.UnusedArrows(CoreRooms.Value, FolderArrows.Core));

    [Fact]
    public void ModelArrows_AreUsed() => Assert.Empty(RoomRules.UnusedArrows(ModelRooms.Value, FolderArrows.Models));

    [Fact]
    public void CoreFolders_HaveNoCycle() => Assert.Empty(RoomRules.Cycles(CoreRooms.Value));

    [Fact]
    public void ModelFolders_HaveNoCycle() => Assert.Empty(RoomRules.Cycles(ModelRooms.Value));

    [Fact]
    public void Folders_AreNotCrowded() => Assert.Empty(RoomRules.CrowdedFolders(SourceTree.Sources));

    [Fact]
    public void Namespaces_FollowFolders() => Assert.Empty(RoomRules.NamespacesFollowFolders(SourceTree.Sources));

    [Fact]
    public void Methods_FitOnAScreen() => Assert.Empty(RoomRules.LongMethods(SourceTree.Sources));

    [Fact]
    public void Lines_FitTheirWidth() => Assert.Empty(RoomRules.LongLines(SourceTree.Sources));
}
