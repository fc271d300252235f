using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Synfin.Linux.Interop;

namespace Synfin.Linux;

/// <summary>What can be known about descriptors that came from outside.</summary>
internal static class HandedInQueues
{
    /// <summary>Makes sure that they are queues of one device and can be used without waiting.</summary>
    /// <returns>The device's name and the flags of its queues.</returns>
    /// <exception cref="TunException">They are not.</exception>
    public static (string Name, int Flags) Check(IReadOnlyList<SafeFileHandle> descriptors)
    {
        string name = "";
        // Of IFF_NO_PI the answer says nothing: it is the same bit as "there is no filter".
        const int Known = TunDriver.Tun | TunDriver.Tap | TunDriver.MultiQueue | TunDriver.VirtioHeader;
        int flags = 0;
        for (int i = 0; i < descriptors.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(descriptors[i]);
            int descriptor = (int)descriptors[i].DangerousGetHandle();
            int error = TunDriver.Describe(descriptor, out InterfaceRequest request);
            if (error != 0) throw TunErrors.NoQueue(i, error);
            if (i == 0) (name, flags) = (request.Name, request.Flags & Known);
            else if (request.Name != name || (request.Flags & Known) != flags) throw TunErrors.NoQueue(i, 0);
            error = Libc.SetNonBlocking(descriptor);
            if (error != 0) throw TunErrors.NoQueue(i, error);
        }
        return (name, flags);
    }

    /// <summary>The interface, or null if it is in another network namespace than this thread.</summary>
    /// <exception cref="TunException">It was opened in a way that cannot be worked with.</exception>
    public static LinkInformation? FindHere(int descriptor, string name, RouteNetlink netlink)
    {
        int theirs = TunDriver.OpenNamespace(descriptor);
        if (theirs >= 0)
        {
            using SafeFileHandle owned = Libc.Own(theirs);
            string? its = new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{theirs}")).LinkTarget;
            string? own = new FileInfo("/proc/thread-self/ns/net").LinkTarget;
            if (its != own) return null;
        }
        // Without the right to ask for the namespace, the name must do.
        if (netlink.Find(name, out LinkInformation? link) != 0 || link!.Kind != "tun") return null;
        return link.HasPacketInformation ? throw TunErrors.HandedIn(name, "without IFF_NO_PI, which it needs") : link;
    }
}
