using System.Net;

namespace Synfin.Linux.Tests.Support;

/// <summary>What `ss -tan` says about a namespace's TCP sockets, in ss's words (ESTAB, FIN-WAIT-2, ...).</summary>
internal static class SocketTable
{
    public const string None = "(none)";

    /// <summary>The state of the connection with these end points, or <see cref="None"/>.</summary>
    public static string StateOf(NetworkNamespace kernel, EndPoint local, EndPoint remote)
    {
        string output = kernel.Call("ss", "-H", "-t", "-a", "-n");
        foreach (string line in output.Split('\n'))
        {
            string[] columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length >= 5 && columns[3] == local.ToString() && columns[4] == remote.ToString()) return columns[0];
        }
        return None;
    }
}
