namespace Synfin.Linux.Tests.Support;

/// <summary>Kernels' networks for tests, which are skipped, with the reason, where there can be none.</summary>
internal static class Kernels
{
    /// <summary>A network namespace of its own.</summary>
    public static NetworkNamespace Create()
    {
        Requires.Tun();
        return NetworkNamespace.Create();
    }

    /// <summary>Runs a program in a namespace and returns what it printed; skips the test if it is not installed.</summary>
    public static string Call(this NetworkNamespace kernel, string program, params string[] arguments)
    {
        Requires.Program(program);
        return kernel.Execute(program, arguments);
    }
}
