using Synfin.Packages.Tests.Support;

[assembly: AssemblyFixture(typeof(PackedSolution))]

namespace Synfin.Packages.Tests.Support;

/// <summary>
/// What `dotnet pack` makes of the solution, once for all tests, in a folder that goes when they end. The version is one that no cache
/// can know.
/// </summary>
public sealed class PackedSolution : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("synfin-packages-");

    /// <summary>The version of all packages.</summary>
    public string Version { get; } = $"0.1.0-test.{Guid.NewGuid():N}";

    /// <summary>Where the packages are.</summary>
    public string Packages => Path.Combine(_folder.FullName, "packages");

    /// <summary>Packs what is built: the project of these tests refers to all of src, so it is.</summary>
    public async ValueTask InitializeAsync() => await Command.DotnetAsync(
        Repository.Root, "pack", "Synfin.slnx", "--configuration", Repository.Configuration, "--no-build", "-warnaserror", "--output",
        Packages, $"-p:Version={Version}", $"-p:NuspecOutputPath={MakeFolder("nuspec")}/");

    /// <summary>A new folder, which goes with the others.</summary>
    public string MakeFolder(string name) => _folder.CreateSubdirectory(name).FullName;

    /// <summary>The package of a project.</summary>
    internal PackageFile Open(string project) => new(Path.Combine(Packages, $"{project}.{Version}.nupkg"));

    /// <summary>The symbols of a project's package.</summary>
    internal PackageFile OpenSymbols(string project) => new(Path.Combine(Packages, $"{project}.{Version}.snupkg"));

    /// <summary>Removes the packages.</summary>
    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return default;
    }
}
